-- question: On which pages did visits begin?
-- parameters: year_from, year_to, hour_from, hour_to, day_from, day_to, site, site, site_also, agents, agents, received_from, received_to, counted_event, page, page, page_also, column_key, column_parameter, column_value, column_header, column_value
--
-- The page of the first view of each visit. NULL stands for visits whose page the browser did not send or that have custom
-- events alone, and for views in no visit: those without a visitor. A visit belongs to the moment of its first hit, and
-- counts if one of its hits meets the conditions. views and visitors are those of all views of the visits, of any page.
-- A visitor counts once in each UTC day and row, at the first of its views there; that may be before the range begins.
-- A hit with an id of its own that was sent again on a later UTC day counts without a visitor.
-- begin visited_hits
WITH chosen_hits AS (
    SELECT *
    FROM hits
    WHERE
        year BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND year * 1000000 + month * 10000 + day * 100 + hour BETWEEN CAST(? AS integer) AND CAST(? AS integer)
        AND received_at >= CAST(? AS timestamp(3))
        AND received_at < CAST(? AS timestamp(3))
        AND (? = '*' OR site IN (?, ?))
        AND strpos(CASE event WHEN 'open' THEN ? ELSE ? END, coalesce(agent, 'unknown')) > 0
),
-- begin visit_steps
-- A referrer on the site itself (www. aside) is none.
with_referrer AS (
    SELECT
        *,
        CASE
            WHEN referrer_host IN (site, 'www.' || site) OR 'www.' || referrer_host = site THEN NULL
            ELSE referrer
        END AS hit_referrer,
        CASE
            WHEN referrer_host IN (site, 'www.' || site) OR 'www.' || referrer_host = site THEN NULL
            ELSE lower(referrer_host)
        END AS hit_referrer_host,
        element_at(params, 'click_id') AS hit_click_id
    FROM chosen_hits
),
-- The source is looked up by its name, an alias, an app or a host; a host also stands for its subdomains.
with_text AS (
    SELECT *, lower(coalesce(utm_source, hit_referrer_host)) AS source_text
    FROM with_referrer
),
with_labels AS (
    SELECT
        *,
        reverse(
            split_part(reverse(source_text), '.', 1)
            || '.' || split_part(reverse(source_text), '.', 2)
        ) AS source_two_labels,
        reverse(
            split_part(reverse(source_text), '.', 1)
            || '.' || split_part(reverse(source_text), '.', 2)
            || '.' || split_part(reverse(source_text), '.', 3)
        ) AS source_three_labels
    FROM with_text
),
-- Kind and name of a known source, with a blank between them. The longest host comes first.
with_known AS (
    SELECT
        *,
        coalesce(
-- begin source_names
            CASE source_text
                WHEN 'google' THEN 'search Google'
                WHEN 'android-app://com.google.android.googlequicksearchbox' THEN 'search Google'
                WHEN 'bing' THEN 'search Bing'
                WHEN 'duckduckgo' THEN 'search DuckDuckGo'
                WHEN 'ddg' THEN 'search DuckDuckGo'
                WHEN 'android-app://com.duckduckgo.mobile.android' THEN 'search DuckDuckGo'
                WHEN 'yahoo' THEN 'search Yahoo'
                WHEN 'ecosia' THEN 'search Ecosia'
                WHEN 'brave search' THEN 'search Brave Search'
                WHEN 'startpage' THEN 'search Startpage'
                WHEN 'qwant' THEN 'search Qwant'
                WHEN 'kagi' THEN 'search Kagi'
                WHEN 'yandex' THEN 'search Yandex'
                WHEN 'baidu' THEN 'search Baidu'
                WHEN 'naver' THEN 'search Naver'
                WHEN 'seznam' THEN 'search Seznam'
                WHEN 'sogou' THEN 'search Sogou'
                WHEN 'mojeek' THEN 'search Mojeek'
                WHEN 'chatgpt' THEN 'ai ChatGPT'
                WHEN 'openai' THEN 'ai ChatGPT'
                WHEN 'android-app://com.openai.chatgpt' THEN 'ai ChatGPT'
                WHEN 'perplexity' THEN 'ai Perplexity'
                WHEN 'android-app://ai.perplexity.app.android' THEN 'ai Perplexity'
                WHEN 'claude' THEN 'ai Claude'
                WHEN 'android-app://com.anthropic.claude' THEN 'ai Claude'
                WHEN 'gemini' THEN 'ai Gemini'
                WHEN 'copilot' THEN 'ai Copilot'
                WHEN 'deepseek' THEN 'ai DeepSeek'
                WHEN 'grok' THEN 'ai Grok'
                WHEN 'le chat' THEN 'ai Le Chat'
                WHEN 'meta ai' THEN 'ai Meta AI'
                WHEN 'poe' THEN 'ai Poe'
                WHEN 'you.com' THEN 'ai You.com'
                WHEN 'phind' THEN 'ai Phind'
                WHEN 'kimi' THEN 'ai Kimi'
                WHEN 'qwen' THEN 'ai Qwen'
                WHEN 'facebook' THEN 'social Facebook'
                WHEN 'fb' THEN 'social Facebook'
                WHEN 'android-app://com.facebook.katana' THEN 'social Facebook'
                WHEN 'instagram' THEN 'social Instagram'
                WHEN 'ig' THEN 'social Instagram'
                WHEN 'android-app://com.instagram.android' THEN 'social Instagram'
                WHEN 'threads' THEN 'social Threads'
                WHEN 'x' THEN 'social X'
                WHEN 'twitter' THEN 'social X'
                WHEN 'android-app://com.twitter.android' THEN 'social X'
                WHEN 'linkedin' THEN 'social LinkedIn'
                WHEN 'android-app://com.linkedin.android' THEN 'social LinkedIn'
                WHEN 'reddit' THEN 'social Reddit'
                WHEN 'android-app://com.reddit.frontpage' THEN 'social Reddit'
                WHEN 'hacker news' THEN 'social Hacker News'
                WHEN 'hackernews' THEN 'social Hacker News'
                WHEN 'hn' THEN 'social Hacker News'
                WHEN 'android-app://io.github.hidroh.materialistic' THEN 'social Hacker News'
                WHEN 'lobsters' THEN 'social Lobsters'
                WHEN 'mastodon' THEN 'social Mastodon'
                WHEN 'android-app://org.joinmastodon.android' THEN 'social Mastodon'
                WHEN 'bluesky' THEN 'social Bluesky'
                WHEN 'android-app://xyz.blueskyweb.app' THEN 'social Bluesky'
                WHEN 'youtube' THEN 'social YouTube'
                WHEN 'android-app://com.google.android.youtube' THEN 'social YouTube'
                WHEN 'tiktok' THEN 'social TikTok'
                WHEN 'android-app://com.zhiliaoapp.musically' THEN 'social TikTok'
                WHEN 'pinterest' THEN 'social Pinterest'
                WHEN 'android-app://com.pinterest' THEN 'social Pinterest'
                WHEN 'snapchat' THEN 'social Snapchat'
                WHEN 'android-app://com.snapchat.android' THEN 'social Snapchat'
                WHEN 'vimeo' THEN 'social Vimeo'
                WHEN 'twitch' THEN 'social Twitch'
                WHEN 'discord' THEN 'social Discord'
                WHEN 'android-app://com.discord' THEN 'social Discord'
                WHEN 'telegram' THEN 'social Telegram'
                WHEN 'android-app://org.telegram.messenger' THEN 'social Telegram'
                WHEN 'whatsapp' THEN 'social WhatsApp'
                WHEN 'android-app://com.whatsapp' THEN 'social WhatsApp'
                WHEN 'slack' THEN 'social Slack'
                WHEN 'android-app://com.slack' THEN 'social Slack'
                WHEN 'microsoft teams' THEN 'social Microsoft Teams'
                WHEN 'android-app://com.microsoft.teams' THEN 'social Microsoft Teams'
                WHEN 'vk' THEN 'social VK'
                WHEN 'weibo' THEN 'social Weibo'
                WHEN 'quora' THEN 'social Quora'
                WHEN 'product hunt' THEN 'social Product Hunt'
                WHEN 'producthunt' THEN 'social Product Hunt'
                WHEN 'lemmy' THEN 'social Lemmy'
                WHEN 'tumblr' THEN 'social Tumblr'
                WHEN 'xing' THEN 'social Xing'
                WHEN 'gmail' THEN 'email Gmail'
                WHEN 'android-app://com.google.android.gm' THEN 'email Gmail'
                WHEN 'outlook' THEN 'email Outlook'
                WHEN 'android-app://com.microsoft.office.outlook' THEN 'email Outlook'
                WHEN 'yahoo mail' THEN 'email Yahoo Mail'
                WHEN 'proton mail' THEN 'email Proton Mail'
                WHEN 'fastmail' THEN 'email Fastmail'
                WHEN 'gmx' THEN 'email GMX'
                WHEN 'web.de' THEN 'email WEB.DE'
                WHEN 'yandex mail' THEN 'email Yandex Mail'
                WHEN 'mail.ru' THEN 'email Mail.ru'
                WHEN 'icloud mail' THEN 'email iCloud Mail'
                WHEN 'google ads' THEN 'ads Google Ads'
                WHEN 'taboola' THEN 'ads Taboola'
                WHEN 'outbrain' THEN 'ads Outbrain'
                WHEN 'criteo' THEN 'ads Criteo'
                WHEN 'github' THEN 'referral GitHub'
                WHEN 'gitlab' THEN 'referral GitLab'
                WHEN 'stack overflow' THEN 'referral Stack Overflow'
                WHEN 'wikipedia' THEN 'referral Wikipedia'
                WHEN 'google news' THEN 'referral Google News'
                WHEN 'google docs' THEN 'referral Google Docs'
                WHEN 'medium' THEN 'referral Medium'
                WHEN 'substack' THEN 'referral Substack'
                WHEN 'dev' THEN 'referral DEV'
                WHEN 'feedly' THEN 'referral Feedly'
                WHEN 'inoreader' THEN 'referral Inoreader'
                WHEN 'flipboard' THEN 'referral Flipboard'
                WHEN 'notion' THEN 'referral Notion'
            END,
            CASE source_three_labels
                WHEN 'search.yahoo.com' THEN 'search Yahoo'
                WHEN 'yahoo.co.jp' THEN 'search Yahoo'
                WHEN 'search.brave.com' THEN 'search Brave Search'
                WHEN 'chat.openai.com' THEN 'ai ChatGPT'
                WHEN 'gemini.google.com' THEN 'ai Gemini'
                WHEN 'bard.google.com' THEN 'ai Gemini'
                WHEN 'copilot.microsoft.com' THEN 'ai Copilot'
                WHEN 'chat.deepseek.com' THEN 'ai DeepSeek'
                WHEN 'chat.mistral.ai' THEN 'ai Le Chat'
                WHEN 'chat.qwen.ai' THEN 'ai Qwen'
                WHEN 'news.ycombinator.com' THEN 'social Hacker News'
                WHEN 'teams.microsoft.com' THEN 'social Microsoft Teams'
                WHEN 'mail.google.com' THEN 'email Gmail'
                WHEN 'outlook.live.com' THEN 'email Outlook'
                WHEN 'outlook.office.com' THEN 'email Outlook'
                WHEN 'outlook.office365.com' THEN 'email Outlook'
                WHEN 'mail.yahoo.com' THEN 'email Yahoo Mail'
                WHEN 'mail.proton.me' THEN 'email Proton Mail'
                WHEN 'app.fastmail.com' THEN 'email Fastmail'
                WHEN 'mail.yandex.ru' THEN 'email Yandex Mail'
                WHEN 'e.mail.ru' THEN 'email Mail.ru'
                WHEN 'news.google.com' THEN 'referral Google News'
                WHEN 'docs.google.com' THEN 'referral Google Docs'
            END,
            CASE source_two_labels
                WHEN 'syndicatedsearch.goog' THEN 'search Google'
                WHEN 'bing.com' THEN 'search Bing'
                WHEN 'duckduckgo.com' THEN 'search DuckDuckGo'
                WHEN 'yahoo.com' THEN 'search Yahoo'
                WHEN 'ecosia.org' THEN 'search Ecosia'
                WHEN 'startpage.com' THEN 'search Startpage'
                WHEN 'qwant.com' THEN 'search Qwant'
                WHEN 'kagi.com' THEN 'search Kagi'
                WHEN 'ya.ru' THEN 'search Yandex'
                WHEN 'baidu.com' THEN 'search Baidu'
                WHEN 'naver.com' THEN 'search Naver'
                WHEN 'seznam.cz' THEN 'search Seznam'
                WHEN 'sogou.com' THEN 'search Sogou'
                WHEN 'mojeek.com' THEN 'search Mojeek'
                WHEN 'chatgpt.com' THEN 'ai ChatGPT'
                WHEN 'perplexity.ai' THEN 'ai Perplexity'
                WHEN 'claude.ai' THEN 'ai Claude'
                WHEN 'copilot.com' THEN 'ai Copilot'
                WHEN 'deepseek.com' THEN 'ai DeepSeek'
                WHEN 'grok.com' THEN 'ai Grok'
                WHEN 'meta.ai' THEN 'ai Meta AI'
                WHEN 'poe.com' THEN 'ai Poe'
                WHEN 'you.com' THEN 'ai You.com'
                WHEN 'phind.com' THEN 'ai Phind'
                WHEN 'kimi.com' THEN 'ai Kimi'
                WHEN 'facebook.com' THEN 'social Facebook'
                WHEN 'fb.com' THEN 'social Facebook'
                WHEN 'fb.me' THEN 'social Facebook'
                WHEN 'instagram.com' THEN 'social Instagram'
                WHEN 'threads.net' THEN 'social Threads'
                WHEN 'threads.com' THEN 'social Threads'
                WHEN 't.co' THEN 'social X'
                WHEN 'x.com' THEN 'social X'
                WHEN 'twitter.com' THEN 'social X'
                WHEN 'linkedin.com' THEN 'social LinkedIn'
                WHEN 'lnkd.in' THEN 'social LinkedIn'
                WHEN 'reddit.com' THEN 'social Reddit'
                WHEN 'redd.it' THEN 'social Reddit'
                WHEN 'lobste.rs' THEN 'social Lobsters'
                WHEN 'mastodon.social' THEN 'social Mastodon'
                WHEN 'mastodon.online' THEN 'social Mastodon'
                WHEN 'mas.to' THEN 'social Mastodon'
                WHEN 'mstdn.social' THEN 'social Mastodon'
                WHEN 'fosstodon.org' THEN 'social Mastodon'
                WHEN 'hachyderm.io' THEN 'social Mastodon'
                WHEN 'infosec.exchange' THEN 'social Mastodon'
                WHEN 'chaos.social' THEN 'social Mastodon'
                WHEN 'bsky.app' THEN 'social Bluesky'
                WHEN 'youtube.com' THEN 'social YouTube'
                WHEN 'youtu.be' THEN 'social YouTube'
                WHEN 'tiktok.com' THEN 'social TikTok'
                WHEN 'pin.it' THEN 'social Pinterest'
                WHEN 'snapchat.com' THEN 'social Snapchat'
                WHEN 'vimeo.com' THEN 'social Vimeo'
                WHEN 'twitch.tv' THEN 'social Twitch'
                WHEN 'discord.com' THEN 'social Discord'
                WHEN 'discordapp.com' THEN 'social Discord'
                WHEN 't.me' THEN 'social Telegram'
                WHEN 'telegram.org' THEN 'social Telegram'
                WHEN 'whatsapp.com' THEN 'social WhatsApp'
                WHEN 'wa.me' THEN 'social WhatsApp'
                WHEN 'slack.com' THEN 'social Slack'
                WHEN 'vk.com' THEN 'social VK'
                WHEN 'weibo.com' THEN 'social Weibo'
                WHEN 'quora.com' THEN 'social Quora'
                WHEN 'producthunt.com' THEN 'social Product Hunt'
                WHEN 'lemmy.world' THEN 'social Lemmy'
                WHEN 'tumblr.com' THEN 'social Tumblr'
                WHEN 'xing.com' THEN 'social Xing'
                WHEN 'deref-gmx.net' THEN 'email GMX'
                WHEN 'gmx.net' THEN 'email GMX'
                WHEN 'gmx.com' THEN 'email GMX'
                WHEN 'deref-web.de' THEN 'email WEB.DE'
                WHEN 'web.de' THEN 'email WEB.DE'
                WHEN 'icloud.com' THEN 'email iCloud Mail'
                WHEN 'doubleclick.net' THEN 'ads Google Ads'
                WHEN 'googlesyndication.com' THEN 'ads Google Ads'
                WHEN 'googleadservices.com' THEN 'ads Google Ads'
                WHEN 'taboola.com' THEN 'ads Taboola'
                WHEN 'outbrain.com' THEN 'ads Outbrain'
                WHEN 'criteo.com' THEN 'ads Criteo'
                WHEN 'github.com' THEN 'referral GitHub'
                WHEN 'gitlab.com' THEN 'referral GitLab'
                WHEN 'stackoverflow.com' THEN 'referral Stack Overflow'
                WHEN 'wikipedia.org' THEN 'referral Wikipedia'
                WHEN 'medium.com' THEN 'referral Medium'
                WHEN 'substack.com' THEN 'referral Substack'
                WHEN 'dev.to' THEN 'referral DEV'
                WHEN 'feedly.com' THEN 'referral Feedly'
                WHEN 'inoreader.com' THEN 'referral Inoreader'
                WHEN 'flipboard.com' THEN 'referral Flipboard'
                WHEN 'notion.so' THEN 'referral Notion'
            END,
            CASE
                WHEN regexp_like(source_text, '(^|\.)google\.(com|cat|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})$') THEN 'search Google'
                WHEN regexp_like(source_text, '(^|\.)yandex\.(com|cat|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})$') THEN 'search Yandex'
                WHEN regexp_like(source_text, '(^|\.)pinterest\.(com|cat|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})$') THEN 'social Pinterest'
            END
-- end source_names
        ) AS source_known
    FROM with_labels
),
with_source AS (
    SELECT
        *,
        CASE
            WHEN source_known IS NOT NULL THEN substr(source_known, strpos(source_known, ' ') + 1)
            WHEN utm_source IS NULL AND source_text LIKE 'www.%' THEN substr(source_text, 5)
            ELSE source_text
        END AS hit_source,
        split_part(source_known, ' ', 1) AS source_kind,
        lower(utm_medium) AS source_medium,
        lower(hit_click_id) AS source_click_id
    FROM with_known
),
with_paid AS (
    SELECT
        *,
        coalesce(
            source_medium IN ('cpc', 'ppc', 'cpv', 'cpa', 'cpp', 'ads', 'retargeting') OR source_medium LIKE 'paid%',
            false
        ) AS source_is_paid
    FROM with_source
),
-- The first rule that matches decides.
with_channel AS (
    SELECT
        *,
        CAST(
            CASE
                WHEN source_is_paid AND source_kind = 'search' THEN 'Paid search'
                WHEN
                    source_click_id IN ('gclid', 'gbraid', 'wbraid', 'msclkid')
                    AND coalesce(source_kind, '') <> 'social' THEN 'Paid search'
                WHEN source_is_paid AND source_kind = 'social' THEN 'Paid social'
                WHEN
                    source_medium IN ('display', 'banner', 'interstitial', 'cpm')
                    OR source_kind = 'ads' THEN 'Display ads'
                WHEN source_is_paid THEN 'Other ads'
                WHEN
                    source_medium IN ('email', 'e-mail', 'e_mail', 'mail', 'newsletter')
                    OR source_text IN ('email', 'newsletter')
                    OR source_kind = 'email' THEN 'Email'
                WHEN source_medium IN ('affiliate', 'affiliates', 'partner') THEN 'Affiliates'
                WHEN source_kind = 'ai' THEN 'AI assistants'
                WHEN source_kind = 'search' OR source_medium = 'organic' THEN 'Search'
                WHEN
                    source_kind = 'social'
                    OR source_medium IN ('social', 'social-media', 'social_media', 'social-network', 'sm') THEN 'Social'
                WHEN
                    coalesce(
                        utm_source,
                        utm_medium,
                        utm_campaign,
                        utm_term,
                        utm_content
                    ) IS NOT NULL THEN 'Other campaigns'
                WHEN hit_referrer_host IS NOT NULL THEN 'Referral'
                ELSE 'Direct / unknown'
            END AS varchar
        ) AS hit_channel
    FROM with_paid
),
-- Opens, clicks and hits without a visitor are in no visit: each of them has a reader of its own.
with_reader AS (
    SELECT
        *,
        coalesce(CASE WHEN event NOT IN ('open', 'click') THEN visitor END, hit_id) AS visit_reader,
        date_trunc('day', received_at) AS visit_day,
        CASE WHEN event = 'view' THEN 0 ELSE 1 END AS visit_rank,
        CASE WHEN event = 'view' THEN page END AS hit_page
    FROM with_channel
),
-- The windows are over a day and a part of its readers, not over each reader: an engine pays for each partition.
with_bucket AS (
    SELECT *, coalesce(site, '') || ' ' || visit_reader AS visit_site_reader, substr(visit_reader, 1, 1) AS visit_bucket
    FROM with_reader
),
-- A visit begins after more than 30 minutes without a hit of the reader, and with each UTC day.
with_start AS (
    SELECT
        *,
        CASE
            WHEN
                visit_site_reader = lag(visit_site_reader) OVER in_order
                AND received_at <= lag(received_at) OVER in_order + INTERVAL '30' MINUTE THEN 0
            ELSE 1
        END AS visit_start
    FROM with_bucket
    WINDOW in_order AS (
        PARTITION BY visit_day, visit_bucket
        ORDER BY visit_site_reader NULLS LAST, received_at NULLS LAST, hit_id NULLS LAST
    )
),
-- The number of the visit among those of the partition, as text of ten digits.
with_number AS (
    SELECT
        *,
        lpad(CAST(sum(visit_start) OVER (
            PARTITION BY visit_day, visit_bucket
            ORDER BY visit_site_reader NULLS LAST, received_at NULLS LAST, hit_id NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS varchar), 10, '0') AS visit_number
    FROM with_start
),
with_key AS (
    SELECT
        *,
        substr(max(CASE WHEN visit_start = 1 THEN visit_number || hit_id END) OVER (
            PARTITION BY visit_day, visit_bucket
            ORDER BY visit_site_reader NULLS LAST, received_at NULLS LAST, hit_id NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ), 11) AS visit_key
    FROM with_number
),
-- The first view decides about the visit; in a visit of custom events alone, the first hit does. What it has goes to the
-- hits behind it as the greatest text so far: that with the number of their visit before it.
with_first AS (
    SELECT
        *,
        CASE WHEN visit_number = lag(visit_number) OVER first_view THEN NULL ELSE visit_number END AS visit_first,
        CASE WHEN visit_number = lag(visit_number) OVER last_view THEN NULL ELSE visit_number END AS visit_last
    FROM with_key
    WINDOW
        first_view AS (
            PARTITION BY visit_day, visit_bucket
            ORDER BY visit_number NULLS LAST, visit_rank NULLS LAST, received_at NULLS LAST, hit_id NULLS LAST
        ),
        last_view AS (
            PARTITION BY visit_day, visit_bucket
            ORDER BY visit_number NULLS LAST, visit_rank NULLS LAST, received_at DESC NULLS LAST, hit_id DESC NULLS LAST
        )
),
with_first_view AS (
    SELECT
        *,
        nullif(substr(max(visit_first || coalesce(hit_source, '')) OVER first_view, 11), '') AS visit_source,
        nullif(substr(max(visit_first || hit_channel) OVER first_view, 11), '') AS visit_channel,
        nullif(substr(max(visit_first || coalesce(utm_source, '')) OVER first_view, 11), '') AS visit_utm_source,
        nullif(substr(max(visit_first || coalesce(utm_medium, '')) OVER first_view, 11), '') AS visit_utm_medium,
        nullif(substr(max(visit_first || coalesce(utm_campaign, '')) OVER first_view, 11), '') AS visit_utm_campaign,
        nullif(substr(max(visit_first || coalesce(utm_term, '')) OVER first_view, 11), '') AS visit_utm_term,
        nullif(substr(max(visit_first || coalesce(utm_content, '')) OVER first_view, 11), '') AS visit_utm_content,
        nullif(substr(max(visit_first || coalesce(hit_click_id, '')) OVER first_view, 11), '') AS visit_click_id,
        nullif(substr(max(visit_first || coalesce(hit_referrer, '')) OVER first_view, 11), '') AS visit_referrer,
        nullif(substr(max(visit_first || coalesce(hit_referrer_host, '')) OVER first_view, 11), '') AS visit_referrer_host,
        nullif(substr(max(visit_first || coalesce(browser, '')) OVER first_view, 11), '') AS visit_browser,
        nullif(substr(max(visit_first || coalesce(os, '')) OVER first_view, 11), '') AS visit_os,
        nullif(substr(max(visit_first || coalesce(device, '')) OVER first_view, 11), '') AS visit_device,
        nullif(substr(max(visit_first || coalesce(country, '')) OVER first_view, 11), '') AS visit_country,
        nullif(substr(max(visit_first || coalesce(language, '')) OVER first_view, 11), '') AS visit_language,
        nullif(substr(max(visit_first || coalesce(hit_page, '')) OVER first_view, 11), '') AS visit_entry_page,
        nullif(substr(max(visit_last || coalesce(hit_page, '')) OVER last_view, 11), '') AS visit_exit_page
    FROM with_first
    WINDOW
        first_view AS (
            PARTITION BY visit_day, visit_bucket
            ORDER BY visit_number NULLS LAST, visit_rank NULLS LAST, received_at NULLS LAST, hit_id NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ),
        last_view AS (
            PARTITION BY visit_day, visit_bucket
            ORDER BY visit_number NULLS LAST, visit_rank NULLS LAST, received_at DESC NULLS LAST, hit_id DESC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
),
with_visit AS (
    SELECT
        *,
        visit_source AS source,
        visit_channel AS channel,
        CASE WHEN visitor IS NOT NULL AND event NOT IN ('open', 'click') THEN visit_key END AS visit_id,
        CASE WHEN visitor IS NOT NULL AND event NOT IN ('open', 'click') THEN visit_entry_page END AS entry_page,
        CASE WHEN visitor IS NOT NULL AND event NOT IN ('open', 'click') THEN visit_exit_page END AS exit_page
    FROM with_first_view
),
-- end visit_steps
visited_hits AS (
    SELECT
        hit_id,
        received_at,
        site,
        host,
        path,
        event,
        url,
        page,
        title,
        visit_referrer AS referrer,
        visit_referrer_host AS referrer_host,
        visit_utm_source AS utm_source,
        visit_utm_medium AS utm_medium,
        visit_utm_campaign AS utm_campaign,
        visit_utm_term AS utm_term,
        visit_utm_content AS utm_content,
        language,
        ip,
        visitor,
        agent,
        agent_rule,
        browser,
        os,
        device,
        country,
        format,
        truncated,
        query_string,
        params,
        headers,
        version,
        year,
        month,
        day,
        hour,
        visit_id,
        source,
        channel,
        entry_page,
        exit_page
    FROM with_visit
),
-- end visited_hits
counted AS (
    SELECT
        hit_id,
        min(visit_id) AS visit_id,
        min(site) AS site,
        min(entry_page) AS entry_page,
        CASE
            WHEN date_trunc('day', min(received_at)) = date_trunc('day', max(received_at)) THEN min(visitor)
        END AS visitor,
        date_trunc('day', min(received_at)) AS day_received,
        min(received_at) >= CAST(? AS timestamp(3)) AS is_from,
        min(received_at) < CAST(? AS timestamp(3)) AS is_before,
        ? IN ('*', min(event)) AS is_counted,
        max(CASE WHEN
        hit_id IS NOT NULL
        AND (? = '*' OR page IN (?, ?))
        AND (? = '*' OR element_at(params, ?) = ? OR element_at(headers, ?) = ?)
        THEN 1 ELSE 0 END) AS is_match
    FROM visited_hits
    GROUP BY hit_id
),
-- A row for each visit, and a row for each page and visitor of a UTC day. One reading of the hits is enough for both.
grouped AS (
    SELECT
        site,
        entry_page,
        visit_id,
        visitor,
        grouping(visitor) AS is_visit,
        count(*) FILTER (WHERE is_from AND is_before AND is_counted AND is_match = 1) AS views,
        bool_and(is_from) FILTER (WHERE is_before AND is_counted AND is_match = 1) AS begins_in_range,
        bool_and(is_from) AND bool_or(is_before) AND max(is_match) = 1 AS is_in_range
    FROM counted
    GROUP BY GROUPING SETS ((site, entry_page, visit_id), (site, entry_page, visitor, day_received))
)
SELECT
    site,
    entry_page,
    count(visit_id) FILTER (WHERE is_in_range) AS visits,
    sum(views) FILTER (WHERE is_visit = 0) AS views,
    count(visitor) FILTER (WHERE begins_in_range) AS visitors
FROM grouped
GROUP BY site, entry_page
HAVING count(visit_id) FILTER (WHERE is_in_range) > 0 OR sum(views) > 0
ORDER BY visits DESC NULLS LAST, views DESC NULLS LAST, site NULLS LAST, entry_page NULLS LAST

-- Hits as a mixed public sends them: many browsers, pages, sources and languages, chosen with the skew of real traffic
-- (a few pages get most views). Each line of the file USER_AGENTS is one of the user agents, and may stand there many
-- times. Each thread has a fixed seed, so two runs send the same.
local agents = {}
local file = assert(os.getenv("USER_AGENTS"), "USER_AGENTS names no file of user agents")
for line in io.lines(file) do
  agents[#agents + 1] = line
end
assert(#agents > 0, "the file of USER_AGENTS has no line")

local languages = { "en-US,en;q=0.9", "en-GB,en;q=0.8", "de-DE,de;q=0.9,en;q=0.7", "fr-FR,fr;q=0.9", "es-ES,es;q=0.9,en;q=0.8", "ja-JP,ja;q=0.9" }
local sources = { "", "", "", "&utm_source=newsletter&utm_medium=email&utm_campaign=november", "&utm_source=mastodon",
  "&ref=https%3A%2F%2Fwww.google.com%2F", "&ref=https%3A%2F%2Fnews.ycombinator.com%2Fitem%3Fid%3D4242", "&ref=https%3A%2F%2Fduckduckgo.com%2F" }
local sites = { "blog.example", "blog.example", "blog.example", "shop.example", "docs.example" }

local threads = 0
function setup(thread)
  thread:set("seed", 7001 + threads)
  threads = threads + 1
end

function init(args)
  math.randomseed(seed)
end

local function pick(list)
  return list[math.random(#list)]
end

function request()
  local site = pick(sites)
  local rank = math.floor(400 ^ math.random())
  local path = string.format("/pixel.gif?site=%s&page=%%2Fposts%%2F2026%%2Farticle-%d&title=Article+number+%d&n=%d%s",
    site, rank, rank, math.random(1000000000), pick(sources))
  return wrk.format("GET", path, {
    ["Host"] = "127.0.0.1",
    ["User-Agent"] = pick(agents),
    ["Accept"] = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
    ["Accept-Encoding"] = "gzip, deflate, br, zstd",
    ["Accept-Language"] = pick(languages),
    ["Referer"] = "https://" .. site .. "/",
    ["Sec-Fetch-Dest"] = "image",
    ["Sec-Fetch-Mode"] = "no-cors",
    ["Sec-Fetch-Site"] = "cross-site",
  })
end

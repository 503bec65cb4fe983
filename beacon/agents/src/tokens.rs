//! Words of a user agent that name a browser, a system or a kind of device.

/// Declares a set of words: each constant is a bit, and stands for any of its texts in lower case.
macro_rules! words {
    ($($name:ident = $($text:literal)|+;)+) => {
        #[expect(
            clippy::upper_case_acronyms,
            non_camel_case_types,
            reason = "its names are those of the constants"
        )]
        enum Position { $($name),+ }

        $(pub(crate) const $name: u128 = 1 << Position::$name as u32;)+

        fn bit_of(word: &[u8]) -> u128 {
            match word {
                $($($text)|+ => $name,)+
                _ => 0,
            }
        }
    };
}

words! {
    // Browsers
    BRAVE = b"brave";
    CHROME = b"chrome" | b"crios" | b"crmo" | b"headlesschrome";
    CHROMIUM = b"chromium";
    DUCKDUCKGO = b"duckduckgo" | b"ddg";
    EDGE = b"edg" | b"edge" | b"edga" | b"edgios";
    FIREFOX = b"firefox" | b"fxios" | b"fennec" | b"focus" | b"klar";
    GOOGLE_APP = b"gsa";
    HUAWEI_BROWSER = b"huaweibrowser";
    IE_MOBILE = b"iemobile" | b"msiemobile";
    INTERNET_EXPLORER = b"msie";
    MIUI_BROWSER = b"miuibrowser";
    OPERA = b"opr" | b"opera" | b"oprgx" | b"opt" | b"opx";
    OPERA_MINI = b"mini" | b"opios";
    QQ_BROWSER = b"mqqbrowser" | b"qqbrowser" | b"qqbrowserlite" | b"mqqbrowserlite";
    SAFARI = b"safari";
    SAMSUNG_INTERNET = b"samsungbrowser";
    SILK = b"silk" | b"silk-accelerated=true" | b"silk-accelerated=false";
    TRIDENT = b"trident";
    UC_BROWSER = b"ucbrowser" | b"ubrowser" | b"ucweb" | b"uc";
    VIVALDI = b"vivaldi";
    WHALE = b"whale";
    YANDEX_BROWSER = b"yabrowser" | b"yowser" | b"yasearchbrowser";
    // Apps that show pages
    FACEBOOK = b"fban" | b"fbav" | b"fb_iab" | b"fbios";
    INSTAGRAM = b"instagram" | b"barcelona";
    LINE = b"line";
    LINKEDIN = b"linkedinapp" | b"linkedin";
    PINTEREST = b"pinterest";
    SNAPCHAT = b"snapchat";
    TIKTOK = b"tiktok" | b"musical_ly" | b"bytedancewebview" | b"bytelocale" | b"trill" | b"aweme";
    WECHAT = b"micromessenger";
    // Engines
    APPLEWEBKIT = b"applewebkit";
    DARWIN = b"cfnetwork" | b"darwin";
    DALVIK = b"dalvik";
    GECKO = b"gecko";
    MOBILE = b"mobile";
    VERSION = b"version";
    WEBVIEW = b"wv";
    // Systems
    ANDROID = b"android" | b"adr";
    CHROME_OS = b"cros";
    FREEBSD = b"freebsd";
    HARMONY_OS = b"harmonyos" | b"openharmony";
    IPAD = b"ipad" | b"ipados";
    IPHONE = b"iphone" | b"ipod" | b"cpios";
    KAI_OS = b"kaios" | b"kai";
    LINUX = b"linux" | b"x11" | b"ubuntu";
    MACINTOSH = b"macintosh" | b"macos" | b"mac_powerpc" | b"mac";
    TIZEN = b"tizen";
    WEB_OS = b"webos" | b"web0s" | b"hpwos";
    WINDOWS = b"windows" | b"win64" | b"win32" | b"winnt" | b"win98" | b"win95";
    WINDOWS_PHONE = b"wpdesktop" | b"xblwp7" | b"phone" | b"wds";
    // Devices
    CAR = b"carbrowser" | b"qtcarbrowser" | b"carplay" | b"automotive";
    FEATURE_PHONE = b"symbian" | b"symbianos" | b"symbos" | b"series60" | b"series40" | b"s60" | b"blackberry" | b"bb10" | b"bada" | b"j2me" | b"midp" | b"midp-2.0" | b"midp-1.0" | b"midp-2.1" | b"maemo" | b"meego" | b"docomo" | b"kddi" | b"up.browser" | b"brew" | b"smartphone" | b"cldc-1.1";
    NINTENDO = b"nintendo" | b"nintendobrowser" | b"wiiu" | b"wii" | b"3ds";
    PLAYSTATION = b"playstation" | b"ps3" | b"playstationplus" | b"psp" | b"playstation4" | b"ps4" | b"ps5" | b"playstation5";
    TABLET = b"tablet" | b"playbook" | b"kindle" | b"kftt" | b"kfot" | b"touchpad" | b"xoom" | b"nexus7";
    TESLA = b"tesla";
    TV = b"tv" | b"smart-tv" | b"smarttv" | b"googletv" | b"hbbtv" | b"crkey" | b"roku" | b"bravia" | b"appletv" | b"aftb" | b"aftm" | b"aftn" | b"afts" | b"aftt" | b"netcast" | b"netcast.tv" | b"dtv" | b"viera" | b"ce-html" | b"opera-tv" | b"tvos" | b"viber-tv" | b"androidtv" | b"stb" | b"chromecast" | b"vidaa" | b"nettv" | b"vizio" | b"omi" | b"atv" | b"mitv" | b"qled" | b"ott";
    STEAM_DECK = b"steamdeck" | b"gameoverlay";
    WATCH = b"watchos" | b"watch" | b"wear" | b"ticwatch";
    XBOX = b"xbox";
}

/// Returns the words of `folded`, a user agent in lower case, as bits.
#[must_use]
pub(crate) fn of(folded: &[u8]) -> u128 {
    let mut found = 0;
    for word in folded.split(|byte| {
        matches!(
            byte,
            b' ' | b'/' | b';' | b'(' | b')' | b',' | b'[' | b']' | b':' | b'_' | b'+'
        )
    }) {
        if word.len() >= 2 {
            found |= bit_of(word);
        }
        found |= bit_of_start(word);
    }
    found
}

/// Returns the bit of a word whose end is a model or a version.
fn bit_of_start(word: &[u8]) -> u128 {
    /// Bytes of the longest model of Amazon's televisions, such as `AFTKA002`.
    const LONGEST_AFT: usize = 8;
    match word {
        [b'a', b'f', b't', _, ..] if word.len() <= LONGEST_AFT => TV,
        [b'm', b'i', b't', b'v', ..] => TV,
        [b'i', b'p', b'h', b'o', b'n', b'e', ..] => IPHONE,
        [b'u', b'c', b'w', b'e', b'b', ..] => UC_BROWSER,
        _ => 0,
    }
}

"""Which programs open links without a person who wanted to? (MSG-5)

Phones and mail programs fetch a link to draw its preview, scanners to look for malware. An opening by one of them is
no answer of the client. Who calls themselves as a browser does cannot be told from one, so the count is a hint.
"""

import re
from collections.abc import Mapping
from typing import Final

# Parts of User-Agent headers, in any case, as their makers document them or as they name themselves.
PROGRAMS: Final = (
    # previews in messages: Apple's Messages sends "facebookexternalhit/1.1 Facebot Twitterbot/1.0"
    "facebookexternalhit", "facebot", "twitterbot", "whatsapp", "telegrambot", "slackbot", "slack-imgproxy",
    "discordbot", "skypeuripreview", "viber", "snapchat", "pinterest", "linkedinbot", "redditbot", "embedly",
    "google-messages", "googlemessages", "google (+https://developers.google.com/+/web/snippet/)", "iframely",
    "microsoft teams", "msteams", "outlook-android-linkpreview", "bitlybot", "vkshare", "line-poker", "kakaotalk-scrap",
    # mail: proxies, scanners, prefetchers
    "googleimageproxy", "yahoomailproxy", "bingpreview", "microsoft office", "ms-office", "safelinks", "mimecast",
    "proofpoint", "barracuda", "symantec", "trendmicro", "fireeye", "cloudmark", "ironport", "zscaler", "netcraft",
    # search engines, archives, monitors
    "googlebot", "google-read-aloud", "google-safety", "adsbot-google", "mediapartners-google", "applebot", "bingbot",
    "yandexbot", "duckduckbot", "baiduspider", "petalbot", "semrushbot", "ahrefsbot", "ia_archiver", "archive.org_bot",
    "uptimerobot", "pingdom", "statuscake", "headlesschrome", "phantomjs", "lighthouse",
    # libraries: no person reads with them
    "curl/", "wget/", "python-requests", "python-urllib", "python-httpx", "aiohttp", "go-http-client", "okhttp",
    "java/", "apache-httpclient", "libwww-perl", "node-fetch", "axios/", "guzzlehttp", "ruby", "postmanruntime",
    # whoever says so
    "bot/", "bot;", "crawler", "spider", "linkpreview", "link-preview", "preview/", "scanner", "urlcheck",
)  # fmt: skip
_NAMED: Final = re.compile("|".join(map(re.escape, PROGRAMS)), re.IGNORECASE)
# A browser that fetches a page before anybody asked says so (Fetch Metadata, Sec-Purpose; older ones: Purpose).
_AHEAD: Final = ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")


def is_program(headers: Mapping[str, str]) -> bool:
    """True if these request headers (their names in any case) are those of a program rather than of a person.

    >>> is_program({"User-Agent": "facebookexternalhit/1.1 Facebot Twitterbot/1.0"}), is_program({})
    (True, True)
    >>> is_program({"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Mobile/15E148 Safari/604.1"})
    False
    """
    agent = headers.get("User-Agent", "").strip()
    if not agent or _NAMED.search(agent):
        return True
    return any("prefetch" in value or "preview" in value for name in _AHEAD if (value := headers.get(name, "").lower()))

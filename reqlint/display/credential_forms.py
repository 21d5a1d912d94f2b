"""
The forms of credentials: how each begins, what follows, and where that was read.

A form is recognised by its beginning and by characters that are hardly a word: enough of them in a row, or with a
capital letter or a digit among them. Bounds are wider than what issuers make, because an issuer may change a length.
"""

from enum import StrEnum
from typing import NamedTuple

READ = "2026-11-28"
"""The day on which the lists behind `FormSource` were read."""


class FormSource(StrEnum):
    """Where a form was read."""

    GITLEAKS = "the rules of gitleaks (config/gitleaks.toml)"
    SCANNERS = "the rules of several public scanners and log filters, which agree"
    EXAMPLES = "examples in the issuer's documentation, or keys seen in use; in no list that was read"


class Where(StrEnum):
    """Where in a text a form may begin."""

    WORD = "word"  #: at the beginning of a word, or after a hyphen or underscore
    START = "start"  #: at the beginning of a word
    SK = "sk"  #: as `WORD`, and after a letter that no English word has there, as ``xsk-``; not in ``task-``
    ANYWHERE = "anywhere"  #: also within a word, because nothing else looks like this


class CredentialForm(NamedTuple):
    """One form of credentials."""

    issuer: str
    prefixes: str  #: separated by blanks; shown in place of the credential, as they tell its kind; empty if it has none
    secret: str  #: the regular expression of the rest; ASCII, and every repetition is bounded or possessive in effect
    source: FormSource
    where: Where = Where.WORD
    sign: str = ""
    """Without a prefix: a pattern that is found in each, of one width, which ends with a rare character."""


# Looking ahead is bounded, so that a text of nothing but beginnings takes linear time.
_UPPER = r"(?=[\w-]{0,39}[A-Z])"
_UPPER_OR_DIGIT = r"(?=[\w-]{0,39}[A-Z0-9])"
_DIGIT = r"(?=[A-Za-z]{0,80}[0-9])"
_RUN = r"(?:(?=[a-z]{0,39}[A-Z0-9])[A-Za-z0-9]{16,}[\w-]*|[A-Za-z0-9]{24,}[\w-]*|(?=[\w-]{0,39}[A-Z])[\w-]{20,})"
"""No word: sixteen letters and digits in a row, twenty-four letters, or twenty with hyphens and a capital."""

G, S, E = FormSource.GITLEAKS, FormSource.SCANNERS, FormSource.EXAMPLES
START, SK, ANYWHERE = Where.START, Where.SK, Where.ANYWHERE
_SK = "sk-proj- sk-svcacct- sk-admin- sk-ant- sk-or- sk-ws- sk-lf- pk-lf- sk-helicone- pk-helicone-"

FORMS: tuple[CredentialForm, ...] = (
    # Models
    CredentialForm("OpenAI, Anthropic, OpenRouter, Langfuse, Helicone", _SK, r"[\w-]{8,}", G, SK),
    CredentialForm("the same, joined to a word", _SK, _UPPER + r"[\w-]{20,}", G, ANYWHERE),
    CredentialForm("OpenAI and whoever copied its form; not sk-learn-docs", "sk- rk- pk-",
        rf"(?:(?:[A-Za-z]{{1,12}}-){{0,4}}{_DIGIT}[A-Za-z0-9]{{8,}}[\w-]*|[A-Za-z0-9]{{24,}}[\w-]*"
        rf"|{_UPPER}[\w-]{{20,}})", S, SK),
    CredentialForm("the same, joined to a word", "sk-", r"(?=[a-z0-9]{0,39}[A-Z])[A-Za-z0-9]{40,}", S, ANYWHERE),
    CredentialForm("OpenAI session", "sess-", rf"{_UPPER_OR_DIGIT}[A-Za-z0-9]{{32,}}", S),
    CredentialForm("ElevenLabs", "sk_", rf"(?:{_DIGIT}[a-z0-9]{{32,}}|V[0-9]_\w{{20,}})", S),
    CredentialForm("NVIDIA, Together, Tavily", "nvapi- tgp_v1_ tvly-dev- tvly-prod- tvly-", _RUN, S, ANYWHERE),
    CredentialForm("Hugging Face, Replicate, Groq, Fireworks, Jina, Firecrawl, Cerebras, Perplexity, xAI",
        "hf_ r8_ gsk_ fw_ jina_ fc- csk- pplx- xai-",
        _RUN, S),
    CredentialForm("Hugging Face organization", "api_org_", r"[A-Za-z0-9]{30,}", G),
    CredentialForm("Pinecone", "pcsk_", rf"{_UPPER_OR_DIGIT}\w{{20,}}", S, ANYWHERE),
    CredentialForm("LangSmith", "lsv2_pt_ lsv2_sk_", r"[0-9a-f]{16,}[\w-]*", S, ANYWHERE),
    CredentialForm("Voyage", "pa- al-", rf"{_UPPER}[\w-]{{36,}}", S),
    CredentialForm("Weights & Biases", "wandb_v1_", r"\w{30,}", S),
    CredentialForm("Vercel", "vck_ vcp_ vci_ vca_ vcr_", _RUN, S),
    CredentialForm("E2B, RunPod, Prefect, Cursor", "e2b_ rpa_ pnu_ crsr_", r"[A-Za-z0-9]{24,}", S),
    CredentialForm("Volcengine Ark", "ark-", r"(?:(?=[a-f-]{0,40}[0-9])[0-9a-f-]{24,}[\w-]*|[A-Za-z0-9]{24,})", E),
    CredentialForm("Baidu Qianfan", "bce-v3/", r"[A-Z]{3,8}-[\w-]{8,}/[\w-]{8,}", E, ANYWHERE),
    CredentialForm("Zhipu", "", r"[0-9a-f]{32}\.(?=[a-z]{0,15}[A-Z0-9])[A-Za-z0-9]{16}(?![A-Za-z0-9])", S,
        sign=r"[0-9a-f]{32}\."),
    # Clouds
    CredentialForm("AWS, Alibaba Cloud", "AKIA ASIA ABIA ACCA AGPA AIDA AROA AIPA ANPA ANVA APKA LTAI",
        r"[A-Za-z0-9]{8,}", G),
    CredentialForm("AWS Bedrock", "ABSK", r"(?=[a-z0-9+/]{0,39}[A-Z])[A-Za-z0-9+/]{32,}={0,2}", G),
    CredentialForm("AWS Bedrock, short-lived", "bedrock-api-key-",
        r"(?=[a-z+/=_-]{0,39}[A-Z0-9])[A-Za-z0-9+/=_-]{20,}", G),
    CredentialForm("Google", "AIza", r"[\w-]{16,}", G, ANYWHERE),
    CredentialForm("Google", "AQ.", rf"{_UPPER_OR_DIGIT}[\w-]{{20,}}", S),
    CredentialForm("Google OAuth", "ya29. GOCSPX-", r"[\w.-]{16,}", S),
    CredentialForm("Google refresh token", "1//0", r"[\w-]{20,}", S),
    CredentialForm("Azure AD client secret", "", r"[\w~.]{3}[0-9]Q~[\w~.-]{28,40}", G, sign="Q~"),
    CredentialForm("DigitalOcean", "dop_v1_ doo_v1_ dor_v1_", r"[A-Za-z0-9]{16,}", G),
    CredentialForm("Cloudflare", "v1.0-", r"[0-9a-f]{24}-[0-9a-f]{64,}", G),
    CredentialForm("Fly.io", "fo1_ fm1a_ fm1r_ fm2_", r"[A-Za-z0-9+/=_-]{24,}", G),
    CredentialForm("Heroku", "HRKU-", r"[\w-]{24,}", G),
    CredentialForm("PlanetScale, Supabase", "pscale_tkn_ pscale_oauth_ pscale_pw_ sbp_", r"[\w=.-]{16,}", G),
    CredentialForm("Databricks", "dapi", r"[0-9a-f]{16,}[\w-]*", G),
    # Code, packages and operations
    CredentialForm("GitHub", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", r"\w{16,}", G, ANYWHERE),
    CredentialForm("GitLab", "glpat- gloas- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- glsoat- glffct-",
        r"(?=[\w.-]{0,39}[A-Z0-9])[\w.-]{16,}", G, ANYWHERE),
    CredentialForm("GitLab runner", "GR1348941", r"[\w-]{16,}", G, ANYWHERE),
    CredentialForm("npm", "npm_", r"[A-Za-z0-9]{16,}", G),
    CredentialForm("PyPI", "pypi-", r"(?:AgE|(?=[A-Za-z]{0,80}[0-9]))[\w-]{16,}", G),
    CredentialForm("RubyGems, Docker, Clojars", "rubygems_ dckr_pat_ dckr_oat_ CLOJARS_",
        rf"{_UPPER_OR_DIGIT}[\w-]{{16,}}", G),
    CredentialForm("HashiCorp Vault", "hvs. hvb. hvr.", rf"{_UPPER_OR_DIGIT}[\w-]{{16,}}", G),
    CredentialForm("Doppler", "dp.pt. dp.ct. dp.st. dp.sa. dp.scim. dp.audit.",
        r"(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{24,}", G),
    CredentialForm("1Password", "ops_eyJ", r"[A-Za-z0-9+/=_-]{20,}", G, ANYWHERE),
    CredentialForm("1Password", "A3-", r"[A-Z0-9]{6}-[A-Z0-9]{6,11}-[A-Z0-9-]{11,}", G),
    CredentialForm("Grafana", "glc_ glsa_", r"[A-Za-z0-9+/=_-]{16,}", G),
    CredentialForm("Sentry", "sntrys_ sntryu_", r"[A-Za-z0-9+/=_-]{16,}", G),
    CredentialForm("Pulumi, Linear, Infracost, Tailscale", "pul- lin_api_ lin_oauth_ ico- tskey-", _RUN, G),
    CredentialForm("Postman, New Relic, Dynatrace", "PMAK- NRAK- NRII- NRJS- dt0c01.", r"[\w.-]{16,}", G),
    CredentialForm("PostHog, Figma, Typeform, ReadMe, Sourcegraph", "phc_ phx_ phs_ figd_ tfp_ rdme_ sgp_", _RUN, G),
    CredentialForm("Atlassian, age", "ATATT3 AGE-SECRET-KEY-1", r"[\w=-]{24,}", G),
    CredentialForm("Artifactory, OpenShift", "AKCp cmVmd sha256~", r"(?=[a-z0-9-]{0,39}[A-Z_])[\w-]{40,}", G),
    CredentialForm("Octopus Deploy", "API-", r"[A-Z0-9]{26}(?![A-Za-z0-9])", G),
    CredentialForm("Harness", "pat. sat.", r"[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}", G),
    CredentialForm("Terraform", "", r"[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{40,}", G, sign=r"\.atlasv1\."),
    # Money, mail and talk
    CredentialForm("Stripe", "sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_ pk_live_ pk_test_ whsec_",
        r"[A-Za-z0-9+/=_-]{10,}", G),
    CredentialForm("Shopify", "shpat_ shpca_ shppa_ shpss_ shptka_", r"[A-Za-z0-9][\w-]{15,}", G),
    CredentialForm("Shippo, Duffel, EasyPost, Square",
        "shippo_live_ shippo_test_ duffel_live_ duffel_test_ EZAK EZTK sq0atp- sq0csp- FLWSECK",
        r"[\w=-]{20,}", G),
    CredentialForm("SendGrid", "SG.", r"[\w-]{10,}\.[\w-]{10,}", G),
    CredentialForm("Sendinblue, Mailgun", "xkeysib- xsmtpsib- key- pubkey-", r"[0-9a-f]{24,}[\w-]*", G),
    CredentialForm("Resend", "re_", r"[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}", S),
    CredentialForm("Twilio", "AC SK", r"[0-9a-fA-F]{32}(?![0-9A-Za-z])", G),
    CredentialForm("Slack", "xoxa- xoxb- xoxc- xoxd- xoxe- xoxe.xoxb- xoxe.xoxp- xoxo- xoxp- xoxr- xoxs- xapp-",
        r"(?=[a-z-]{0,39}[A-Z0-9])[A-Za-z0-9-]{8,}", G, ANYWHERE),
    CredentialForm("Notion", "secret_ ntn_", rf"{_UPPER_OR_DIGIT}[A-Za-z0-9]{{24,}}", G),
    CredentialForm("Meta, Square", "EAA", r"[A-Za-z0-9_-]{60,}", G),
    CredentialForm("Telegram", "", r"[0-9]{8,10}:A[\w-]{30,}", G, sign=":A"),
    CredentialForm("Discord", "", r"[MNO][\w-]{22,28}\.[\w-]{6}\.[\w-]{27,}", E, sign=r"[\w-]{22}\."),
    # Standards
    CredentialForm("JSON Web Token", "eyJ", r"[\w-]{8,}+\.[\w-]{8,}+(?:\.[\w-]*)?", G, START),
    CredentialForm("JSON Web Token, joined to a word", "eyJ", r"[\w-]{8,400}+\.[\w-]{8,}+(?:\.[\w-]*)?", G),
)  # fmt: skip

#!/bin/sh
# Rebuilds kb/static/vendor/ from the npm packages of package-lock.json and the font tools of requirements.txt.
set -eu
cd "$(dirname "$0")"
export SOURCE_DATE_EPOCH=0 # fonts note when they were made: the same build gives the same files
vendor=../kb/static/vendor
fonts=node_modules/@fontsource-variable/noto-sans

npm ci --ignore-scripts --no-audit --no-fund
[ -x .venv/bin/pyftsubset ] || { python3 -m venv .venv && .venv/bin/pip install -q -r requirements.txt; }
mkdir -p "$vendor/govuk-frontend" "$vendor/noto-sans"

npx sass --no-source-map --style=compressed --load-path=node_modules \
  scss/govuk.scss "$vendor/govuk-frontend/govuk.css"

# slice NAME CHARACTERS: one script of the variable font, cut to weights 400-700 and to these characters.
slice() {
  .venv/bin/fonttools varLib.instancer -q "$fonts/files/noto-sans-$1-wght-normal.woff2" wght=400:700 -o "/tmp/kb-$1.ttf"
  .venv/bin/pyftsubset "/tmp/kb-$1.ttf" --unicodes="$2" --layout-features=kern --no-hinting \
    --flavor=woff2 --output-file="$vendor/noto-sans/noto-sans-$1.woff2"
  rm "/tmp/kb-$1.ttf"
}
slice latin "U+0020-007E,U+00A0-00FF,U+2010-2015,U+2018-201A,U+201C-201E,U+2022,U+2026,U+20AC,U+2190-2193,U+2212"
slice greek "U+0384-03CE"
slice greek-ext "U+1F00-1FFF"
slice latin-ext "U+0100-017F,U+0218-021B"
cp "$fonts/LICENSE" "$vendor/noto-sans/LICENSE"

"""Static files: a version in the address, kept for ever, sent compressed."""

import gzip

from kb import assets

STYLES = "vendor/govuk-frontend/govuk.css"


def test_address_with_the_present_version_is_kept_for_ever(client):
    answer = client.get(f"/static/{assets.version()}/{STYLES}")
    assert answer.headers["Cache-Control"] == assets.FOR_EVER
    assert "Set-Cookie" not in answer.headers


def test_address_of_another_version_is_answered_but_not_kept(client):
    answer = client.get(f"/static/000000000000/{STYLES}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == assets.BRIEFLY


def test_style_sheet_travels_compressed(client):
    address = f"/static/{assets.version()}/{STYLES}"
    small = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == (assets.FOLDER / STYLES).read_bytes()
    assert "Content-Encoding" not in client.get(address).headers


def test_nothing_outside_the_folder_is_served(client):
    for name in ("../config.py", "..%2fconfig.py", "/etc/passwd", "%2fetc%2fpasswd"):
        answer = client.get(f"/static/{assets.version()}/{name}", follow_redirects=True)
        assert answer.status_code == 404


def test_file_sets_no_cookie_for_whoever_has_one(client):
    assert "Set-Cookie" in client.get("/en/sign-in").headers
    answer = client.get(f"/static/{assets.version()}/{STYLES}")
    assert "Set-Cookie" not in answer.headers

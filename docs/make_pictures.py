"""Take the pictures of the desk in ``docs/pictures``: the sample night, in Chromium.

Run ``python docs/make_pictures.py`` on a machine with Chromium. A demo is made in a temporary
folder, served by ``alliance-nlp review``, and looked at as an analyst would.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).resolve().parent / "pictures"
COMMAND = Path(sys.executable).parent / "alliance-nlp"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_URL = re.compile(r"http://127\.0\.0\.1:\d+/\?token=\S+")


def main() -> int:
    """Make the demo, serve it, and take the pictures."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("no chromium on PATH; on Debian: apt-get install chromium")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "demo"
        subprocess.run([COMMAND, "demo", "--dir", root], check=True, capture_output=True)
        command = [COMMAND, "review", "-w", root, "--port", "0", "--no-browser"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as desk:
            try:
                _take(_url(desk), chromium)
            finally:
                desk.terminate()
    return 0


def _url(desk: subprocess.Popen[str]) -> str:
    assert desk.stdout is not None
    said = ""
    for line in desk.stdout:
        said += line.strip()
        if found := _URL.search(said):
            return found[0]
    raise RuntimeError(f"the desk did not say where it is: {said}")


def _take(url: str, chromium: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(viewport=WIDE)
        page.set_default_timeout(60_000)
        page.goto(url)
        origin = url.partition("/?")[0]
        for _ in range(3):
            page.keyboard.press("j")
            page.keyboard.press("a")
            page.wait_for_timeout(1_500)
        page.goto(origin + "/")
        _save(page, "candidates")
        page.locator("[data-open]").first.click()
        page.wait_for_load_state()
        _save(page, "story")
        page.goto(origin + "/night")
        _save(page, "night")
        page.goto(origin + "/issues")
        page.locator("main a[href^='/issue/']").first.click()
        page.wait_for_load_state()
        _save(page, "issue")
        address = page.url
        state = page.context.storage_state()
        small = browser.new_context(viewport=NARROW, color_scheme="dark", storage_state=state)
        narrow = small.new_page()
        narrow.goto(origin + "/")
        _save(narrow, "candidates-narrow-dark")
        narrow.goto(address)
        _save(narrow, "issue-narrow-dark")
        browser.close()


def _save(page: Any, name: str) -> None:
    page.wait_for_timeout(800)
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main())

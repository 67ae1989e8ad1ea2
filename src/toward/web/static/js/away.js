// Before anything of the kept page is drawn: a browser that was left quickly shows nothing, offline too. No module, as
// those wait for the page.
if (/(?:^|; )(?:__Host-)?toward-away=1(?:;|$)/.test(document.cookie)) {
  document.title = "\u200b";
  document.documentElement.hidden = true;
}

#include <config.h>

#include "report/page.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/sha256.h"
#include "base/try.h"
#include "report/assets.h"
#include "report/html.h"

static void append_lines(dla_strbuf *out, const char *const *line)
{
  for (; *line; line++)
    dla_strbuf_append(out, *line, strlen(*line));
}

/* Writes 'sha256-...' of the script: the policy allows only this script. */
static dla_status write_script_hash(dla_strbuf *out, const dla_strbuf *script, dla_error *err)
{
  enum { BYTES = 32 };
  char text[DLA_SHA256_TEXT];
  uint8_t digest[BYTES];
  TRY(dla_sha256(dla_strbuf_text(script), script->length, text, err));
  for (int i = 0; i < BYTES; i++) {
    unsigned byte = 0;
    sscanf(text + 2 * i, "%2x", &byte);
    digest[i] = (uint8_t)byte;
  }
  dla_strbuf_printf(out, "'sha256-");
  dla_base64_write(digest, BYTES, out);
  dla_strbuf_printf(out, "'");
  return DLA_OK;
}

static dla_status write_head(dla_strbuf *out, const char *title, dla_error *err)
{
  dla_strbuf script = {0};
  append_lines(&script, dla_page_js);
  dla_strbuf_printf(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                         "'none'; img-src data:; style-src 'unsafe-inline'; connect-src 'self'; "
                         "base-uri 'none'; form-action 'none'; script-src ");
  dla_status status = write_script_hash(out, &script, err);
  out->failed |= dla_strbuf_done(&script);
  dla_strbuf_printf(out,
                    "\">\n<meta name=\"viewport\" content=\"width=device-width, "
                    "initial-scale=1\">\n<meta name=\"generator\" content=\"%s\">\n"
                    "<link rel=\"icon\" href=\"data:,\">\n<title>",
                    PACKAGE_STRING);
  dla_html_text(out, title);
  dla_strbuf_printf(out, "</title>\n<style>\n");
  append_lines(out, dla_page_css);
  dla_strbuf_printf(out, "</style>\n</head>\n");
  return status;
}

dla_status dla_page_begin(dla_strbuf *out, const char *title, const char *lead, bool live,
                          dla_error *err)
{
  TRY(write_head(out, title, err));
  dla_strbuf_printf(out,
                    "<body%s>\n<div id=\"stale\" role=\"status\" hidden>The server does not "
                    "answer: this is what it said last.</div>\n<main>\n"
                    "<header><h1>",
                    live ? " data-live" : "");
  dla_html_text(out, title);
  dla_strbuf_printf(out, "</h1>\n<p class=\"lead\">%s</p></header>\n", lead);
  return DLA_OK;
}

void dla_page_end(dla_strbuf *out)
{
  dla_strbuf_printf(out, "</main>\n<footer>%s</footer>\n<script>", PACKAGE_STRING);
  append_lines(out, dla_page_js);
  dla_strbuf_printf(out, "</script>\n</body>\n</html>\n");
}

void dla_part_begin(dla_strbuf *out, const dla_part *part, const char *id, const char *title)
{
  if (part->alone)
    dla_strbuf_printf(out, "<section id=\"%s\"><h2>%s</h2>\n", id, title);
  else
    dla_strbuf_printf(out, "<details id=\"%s-%d\"><summary><h3>%s</h3></summary>\n", id, part->run,
                      title);
}

void dla_part_end(dla_strbuf *out, const dla_part *part)
{
  dla_strbuf_printf(out, part->alone ? "</section>\n" : "</details>\n");
}

void dla_scroll_begin(dla_strbuf *out, const char *label)
{
  dla_strbuf_printf(out, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"%s\">\n",
                    label);
}

void dla_scroll_end(dla_strbuf *out)
{
  dla_strbuf_printf(out, "</div>\n");
}

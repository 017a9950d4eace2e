#include "cli/findings.h"

#include "base/json.h"
#include "cli/output.h"

void dla_cli_finding_line(const dla_finding *f, dla_strbuf *out)
{
  dla_strbuf_printf(out, "%-8s %-24s %s", dla_verdict_name(f->verdict), f->name, f->what);
  if (f->hint[0]) dla_strbuf_printf(out, " (%s)", f->hint);
  dla_strbuf_printf(out, "\n");
}

static void write_finding(dla_json *json, const dla_finding *f)
{
  dla_json_begin_object(json, NULL);
  dla_json_text(json, "verdict", dla_verdict_name(f->verdict));
  dla_json_text(json, "check", f->name);
  dla_json_text(json, "what", f->what);
  dla_json_text(json, "hint", f->hint[0] ? f->hint : NULL);
  dla_json_end_object(json);
}

void dla_cli_finding_json(const dla_finding *finding, dla_strbuf *out)
{
  dla_json json = {.out = out};
  write_finding(&json, finding);
}

static void write_all(const dla_findings *findings, dla_strbuf *out)
{
  dla_json json = dla_json_begin(out);
  dla_json_text(&json, "verdict", dla_verdict_name(dla_findings_worst(findings)));
  dla_json_begin_array(&json, "findings");
  for (size_t i = 0; i < findings->count; i++)
    write_finding(&json, &findings->items[i]);
  dla_json_end_array(&json);
  dla_json_end_line(&json);
}

dla_status dla_cli_fail_bad(const char *verb, size_t bad, dla_error *err)
{
  if (!bad) return DLA_OK;
  dla_fail(err, DLA_E_STEP, verb, NULL, "%zu check%s bad", bad, bad == 1 ? " is" : "s are");
  if (err) err->exit_status = DLA_EXIT_FAILURE;
  return DLA_E_STEP;
}

dla_status dla_cli_print_findings(const dla_findings *findings, const char *verb, bool json,
                                  dla_error *err)
{
  size_t count[DLA_BAD + 1] = {0};
  dla_strbuf out = {0};
  if (findings->failed) return dla_fail_memory(err, "a list of findings");
  for (size_t i = 0; i < findings->count; i++) {
    count[findings->items[i].verdict]++;
    if (!json) dla_cli_finding_line(&findings->items[i], &out);
  }
  if (json)
    write_all(findings, &out);
  else
    dla_strbuf_printf(&out, "%zu good, %zu to look at, %zu bad\n", count[DLA_GOOD],
                      count[DLA_WARNING], count[DLA_BAD]);
  dla_status status = dla_cli_print(&out, err);
  if (!status) status = dla_cli_flush(err); /* so that it comes before the line on standard error */
  return status ? status : dla_cli_fail_bad(verb, count[DLA_BAD], err);
}

#include "base/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/one_line.h"

const char *dla_verdict_name(dla_verdict verdict)
{
  static const char *const names[] = {"good", "warning", "bad"};
  return names[verdict];
}

void dla_findings_add(dla_findings *findings, dla_verdict verdict, const char *name,
                      const char *hint, const char *format, ...)
{
  va_list arguments;
  if (!DLA_ARRAY_RESERVE(findings->items, findings->capacity, findings->count, 1)) {
    findings->failed = true;
    return;
  }
  dla_finding *f = &findings->items[findings->count++];
  *f = (dla_finding){.verdict = verdict};
  snprintf(f->name, sizeof f->name, "%s", name);
  snprintf(f->hint, sizeof f->hint, "%s", hint ? hint : "");
  va_start(arguments, format);
  vsnprintf(f->what, sizeof f->what, format, arguments);
  va_end(arguments);
  dla_one_line(f->name);
  dla_one_line(f->what);
  dla_one_line(f->hint);
}

void dla_findings_add_error(dla_findings *findings, dla_verdict verdict, const char *name,
                            const dla_error *error)
{
  dla_findings_add(findings, verdict, name, error->hint, "%s%s%s", error->where,
                   *error->where ? ": " : "", error->what);
}

dla_verdict dla_findings_worst(const dla_findings *findings)
{
  dla_verdict worst = DLA_GOOD;
  for (size_t i = 0; i < findings->count; i++)
    if (findings->items[i].verdict > worst) worst = findings->items[i].verdict;
  return worst;
}

void dla_findings_free(dla_findings *findings)
{
  free(findings->items);
  *findings = (dla_findings){0};
}

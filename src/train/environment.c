#include <config.h>

#include "train/environment.h"

#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "base/isa.h"
#include "dla/backend.h"
#include "train/experiment.h"

/* Adds a line only if there are several ranks. */
static void describe_threads(const dla_config *config, const dla_dist *dist, dla_strbuf *text)
{
  dla_strbuf_printf(text, "threads: %d", dla_experiment_threads(config, dist));
  if (dla_dist_size(dist) > 1) dla_strbuf_printf(text, " on each of %d ranks", dla_dist_size(dist));
  dla_strbuf_printf(text, "\n");
}

void dla_environment_describe(const dla_config *config, const dla_dist *dist, dla_strbuf *text)
{
  char cpu[DLA_CPU_NAME], version[DLA_BACKEND_VERSION];
  const dla_backend *backend = dla_backend_find(config->backend.name);
  dla_isa isa = DLA_ISA_GENERIC;
  dla_error ignored = {0}; /* creating the network has already succeeded with it */
  dla_isa_choose(&isa, &ignored);
  dla_strbuf_printf(text, "program: dla-train %s\nprocessor: %s\nkernels: %s\n", PACKAGE_VERSION,
                    dla_cpu_name(cpu), dla_isa_name(isa));
  describe_threads(config, dist, text);
  dla_strbuf_printf(text, "backend: %s, %s\n", config->backend.name,
                    backend ? backend->version(config->backend.device, version) : "unknown");
}

/* The value after "what: ", up to the end of the line, or "". */
static const char *value_of(const char *text, const char *what, size_t what_length, size_t *length)
{
  for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
    if (strncmp(line, what, what_length) != 0 || strncmp(line + what_length, ": ", 2) != 0)
      continue;
    *length = strcspn(line + what_length + 2, "\n");
    return line + what_length + 2;
  }
  *length = 0;
  return "";
}

dla_status dla_environment_compare(const char *before, const char *now,
                                   dla_environment_report *report, void *context, dla_error *err)
{
  for (const char *line = now; *line; line += strcspn(line, "\n"), line += *line == '\n') {
    size_t what = strcspn(line, ":\n"), had = 0, has = 0;
    const char *old = value_of(before, line, what, &had), *new = value_of(now, line, what, &has);
    if (had == has && strncmp(old, new, had) == 0) continue;
    char *name = strndup(line, what), *a = strndup(old, had), *b = strndup(new, has);
    bool enough = name && a && b;
    if (enough) report(context, name, a, b);
    free(name);
    free(a);
    free(b);
    if (!enough) return dla_fail_memory(err, "the environment");
  }
  return DLA_OK;
}

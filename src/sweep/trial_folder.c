/* A trial's config in its folder. Its runs read it, and a changed sweep is detected by it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/make_folder.h"
#include "base/try.h"
#include "sweep/trial_state.h"

typedef struct difference {
  char text[300]; /* the first change; empty: none */
} difference;

/* Keys that do not affect results may change. */
static void note_change(void *context, const char *section, const char *key, const char *from,
                        const char *to)
{
  difference *d = context;
  bool no_matter = strcmp(section, "log") == 0 || strcmp(section, "slurm") == 0;
  if (d->text[0] || no_matter) return;
  snprintf(d->text, sizeof d->text, "%s%s%s was %.80s, and is %.80s now", section,
           *section ? "." : "", key, from, to);
}

static dla_status compare(const char *path, const dla_config *now, dla_error *err)
{
  dla_config before;
  difference d = {0};
  TRY(dla_config_load(&before, &(dla_config_layers){.path = path}, err));
  dla_status status = dla_config_compare(&before, now, note_change, &d, err);
  dla_config_free(&before);
  if (status || !d.text[0]) return status;
  return dla_fail(err, DLA_E_INPUT, path,
                  "change it back, or choose another output.dir for the new sweep",
                  "the sweep was begun otherwise: %s", d.text);
}

static dla_status write_config(const dla_trial *trial, const char *path, const dla_config *config,
                               dla_error *err)
{
  dla_strbuf text = {0};
  dla_config_to_yaml(config, &text);
  dla_status status = text.failed ? dla_fail_memory(err, "a config") : DLA_OK;
  if (!status) status = dla_make_folder(trial->folder, err);
  if (!status) status = dla_atomic_replace(path, text.text, text.length, err);
  dla_strbuf_free(&text);
  return status;
}

dla_status dla_trial_check_folder(const dla_sweep *sweep, const dla_trial *trial, bool write,
                                  dla_error *err)
{
  dla_config config;
  dla_strbuf path = {0};
  TRY(dla_trial_config(sweep, trial, &config, err));
  dla_strbuf_printf(&path, "%s/config.yaml", trial->folder);
  dla_status status = path.failed ? dla_fail_memory(err, "a file name") : DLA_OK;
  if (!status && access(path.text, F_OK) == 0) status = compare(path.text, &config, err);
  if (!status && write) dla_atomic_sweep_of(path.text);
  if (!status && write) status = write_config(trial, path.text, &config, err);
  dla_strbuf_free(&path);
  dla_config_free(&config);
  return status;
}

#include "cli/pictures.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/clock.h"
#include "base/plural.h"
#include "cli/signals.h"
#include "data/pictures/set.h"

enum { SHOWN = 10, FEW = 10 };
#define TERMINAL_PAUSE 0.2 /* seconds */
#define LOG_PAUSE      10.0

/* ---- During the scan ---- */

static void show(void *context, const char *what, size_t done, size_t all)
{
  dla_cli_watch *w = context;
  const double now = dla_clock();
  if (w->what != what) { /* a new task begins */
    w->what = what;
    w->began = w->shown = now;
  }
  const bool ends = w->bar && done == all;
  if (w->progress.level < DLA_LOG_INFO) return;
  if (!ends && now - w->shown < (w->progress.bar ? TERMINAL_PAUSE : LOG_PAUSE)) return;
  w->shown = now;
  w->bar = w->progress.bar && !ends;
  const double left = done ? (now - w->began) / (double)done * (double)(all - done) : 0;
  if (w->progress.bar) fputs("\r\033[K", stderr);
  if (!ends)
    fprintf(stderr, "%s of the pictures: %zu of %zu, %.0f s left%s", what, done, all, left,
            w->bar ? "" : "\n");
  fflush(stderr);
}

dla_experiment_watch dla_cli_watch_pictures(dla_cli_watch *state, const dla_config *config,
                                            const dla_dist *dist)
{
  *state = (dla_cli_watch){0};
  dla_cli_progress_init(&state->progress, config, dist);
  return (dla_experiment_watch){show, dla_cli_is_stopped, state};
}

static void tell_missing(void *context, size_t sample, const dla_error *why)
{
  (void)sample;
  dla_cli_say(context, "warning: %s: %s; another picture stands in for it", why->where, why->what);
}

void dla_cli_say_stand_ins(dla_cli_progress *progress, dla_loader *loader)
{
  const size_t count = dla_loader_stand_ins(loader, tell_missing, progress);
  if (count)
    dla_cli_say(progress, "warning: %zu picture%s replaced", count, count == 1 ? " was" : "s were");
}

/* ---- After the scan ---- */

static void say_lines(dla_cli_progress *progress, const char *text)
{
  for (const char *end; (end = strchr(text, '\n')); text = end + 1)
    dla_cli_say(progress, "  %.*s", (int)(end - text), text);
}

/* Writes the list into the run's folder, or deletes the list of an earlier run. */
static dla_status write_list(const char *path, const dla_strbuf *all, dla_error *err)
{
  if (all->length) return dla_atomic_replace(path, all->text, all->length, err);
  if (unlink(path) == 0 || errno == ENOENT) return DLA_OK;
  return dla_fail_errno(err, path, "remove the list of an earlier run");
}

static dla_status say_left_out(dla_cli_progress *progress, const dla_picture_set *set,
                               const char *folder, dla_error *err)
{
  dla_strbuf all = {0}, few = {0}, path = {0};
  dla_picture_set_left_out(set, SIZE_MAX, &all);
  dla_picture_set_left_out(set, SHOWN, &few);
  dla_strbuf_printf(&path, "%s/left-out.txt", folder ? folder : "");
  dla_status status = all.failed || few.failed || path.failed
                          ? dla_fail_memory(err, "the list of what is left out")
                          : DLA_OK;
  if (!status && folder) status = write_list(path.text, &all, err);
  if (!status && set->left_out) {
    dla_cli_say(progress, "warning: %zu file%s %s left out%s%s%s", set->left_out,
                dla_plural(set->left_out), dla_are(set->left_out),
                set->left_out > SHOWN ? ", of which the first are" : "",
                folder ? "; all are in " : "", folder ? path.text : "");
    say_lines(progress, few.text);
  }
  dla_strbuf_free(&all);
  dla_strbuf_free(&few);
  dla_strbuf_free(&path);
  return status;
}

/* Warns about classes with few pictures. */
static void say_few(dla_cli_progress *progress, const dla_dataset *train)
{
  size_t *count = calloc((size_t)train->classes, sizeof *count), few = 0;
  int first = -1;
  for (size_t i = 0; count && i < train->count; i++)
    count[train->labels[i]]++;
  for (int c = 0; count && c < train->classes; c++) {
    if (count[c] >= FEW) continue;
    if (few++ == 0) first = c;
  }
  if (few)
    dla_cli_say(progress, "warning: %zu class%s fewer than %d pictures to train with, as %s: %zu",
                few, few == 1 ? " has" : "es have", FEW, train->class_names[first], count[first]);
  free(count);
}

static size_t count_smaller(const dla_picture_set *set, int64_t side, size_t *good)
{
  size_t smaller = 0;
  *good = 0;
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    if (e->state != DLA_PICTURE_GOOD) continue;
    ++*good;
    smaller += e->width < side && e->height < side;
  }
  return smaller;
}

dla_status dla_cli_say_pictures(dla_cli_progress *progress, const dla_config *config,
                                const dla_dataset *train, const char *folder, dla_error *err)
{
  const dla_picture_set *set = dla_dataset_pictures(train);
  size_t good;
  if (!set) return DLA_OK;
  dla_status status = say_left_out(progress, set, folder, err);
  if (status) return status;
  if (set->made_split)
    dla_cli_say(progress,
                "no split in it: %.3g %% of each class test, chosen by their names and train.seed "
                "(dataset.val_fraction)",
                100 * set->val_fraction);
  say_few(progress, train);
  const size_t smaller = count_smaller(set, config->model.image_size, &good);
  if (smaller > good / 2)
    dla_cli_say(progress,
                "warning: %zu of %zu pictures are smaller than %lld pixels and are enlarged: a "
                "smaller model.image_size trains faster",
                smaller, good, (long long)config->model.image_size);
  return DLA_OK;
}

#include "checkpoint/earlier.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checkpoint/beside.h"
#include "checkpoint/link.h"
#include "dla/checkpoint.h"

struct dla_earlier {
  char *out;
  int64_t start, count;
  bool looked;
  bool came_after; /* out holds a later step than the one that the run resumes from */
  int64_t step;    /* of out's checkpoint; -1: out holds no complete one */
  dla_beside kept; /* oldest first: those that may be removed */
};

dla_status dla_earlier_create(const char *out, int64_t start, int64_t count, dla_earlier **earlier,
                              dla_error *err)
{
  dla_earlier *e = calloc(1, sizeof *e);
  if (e) *e = (dla_earlier){.out = strdup(out), .start = start, .count = count, .step = -1};
  if (e && e->out) {
    *earlier = e;
    return DLA_OK;
  }
  dla_earlier_free(e);
  return dla_fail_memory(err, "a file name");
}

void dla_earlier_free(dla_earlier *e)
{
  if (!e) return;
  dla_beside_free(&e->kept);
  free(e->out);
  free(e);
}

/* ---- Files that exist when the run starts ---- */

/* The step of a complete checkpoint; -1: it is not one. */
static dla_status step_of(const char *path, int64_t *step, dla_error *err)
{
  dla_checkpoint *found = NULL;
  dla_error why = {0};
  dla_status status =
      access(path, F_OK) ? DLA_E_INPUT : dla_checkpoint_read(path, "", &found, &why);
  *step = status ? -1 : dla_checkpoint_state(found)->step;
  dla_checkpoint_free(found);
  if (status == DLA_E_MEMORY) *err = why;
  return status == DLA_E_MEMORY ? status : DLA_OK;
}

typedef struct dated {
  int64_t step;
  const char *name;
} dated;

static int by_step(const void *a, const void *b)
{
  const dated *x = a, *y = b;
  return x->step < y->step ? -1 : x->step > y->step;
}

/* Lists those that may be removed. This run has not kept incomplete files, nor those of a later
 * step. */
static dla_status list_kept(dla_earlier *e, const dla_beside *found, dla_error *err)
{
  dated *all = calloc(found->count + 1, sizeof *all);
  dla_status status = all ? DLA_OK : dla_fail_memory(err, "the checkpoints");
  size_t count = 0;
  for (size_t i = 0; i < found->count && !status; i++) {
    dated *d = &all[count];
    d->name = found->name[i];
    status = step_of(d->name, &d->step, err);
    count += d->step >= 0 && (e->start == 0 || d->step <= e->start);
  }
  if (count) qsort(all, count, sizeof *all, by_step);
  for (size_t i = 0; i < count && !status; i++)
    if (!dla_beside_add(&e->kept, all[i].name)) status = dla_fail_memory(err, "the checkpoints");
  free(all);
  return status;
}

static dla_status look(dla_earlier *e, dla_error *err)
{
  dla_beside found = {0};
  dla_train_state state;
  dla_error ignored = {0};
  dla_beside_free(&e->kept);
  if (e->count == 0) { /* only need to know whether out came after; its metadata is enough for
                        * that */
    e->looked = e->start == 0 ||
                (!dla_checkpoint_read_state(e->out, &state, &ignored) && state.step <= e->start);
    if (e->looked) return DLA_OK;
  }
  dla_status status = step_of(e->out, &e->step, err);
  if (!status && e->count > 0)
    status = dla_beside_list(e->out, ".step-", e->out + dla_beside_stem(e->out), &found, err);
  if (!status) status = list_kept(e, &found, err);
  dla_beside_free(&found);
  e->came_after = e->start > 0 && e->step > e->start;
  e->looked = status == DLA_OK;
  return status;
}

/* ---- Keeping ---- */

/* Appends a name to the list. */
static bool note(dla_earlier *e, const char *name)
{
  for (size_t i = 0; i < e->kept.count; i++) {
    if (strcmp(e->kept.name[i], name) != 0) continue;
    free(e->kept.name[i]);
    memmove(e->kept.name + i, e->kept.name + i + 1, (--e->kept.count - i) * sizeof *e->kept.name);
    break;
  }
  return dla_beside_add(&e->kept, name);
}

static dla_status remove_oldest(dla_earlier *e, dla_error *err)
{
  while (e->kept.count > (size_t)e->count) {
    char *oldest = e->kept.name[0];
    if (unlink(oldest) && errno != ENOENT) return dla_fail_errno(err, oldest, "remove");
    free(oldest);
    memmove(e->kept.name, e->kept.name + 1, --e->kept.count * sizeof *e->kept.name);
  }
  return DLA_OK;
}

dla_status dla_earlier_keep(dla_earlier *e, dla_error *err)
{
  dla_status status = e->looked ? DLA_OK : look(e, err);
  if (status || e->step < 0 || (e->count == 0 && !e->came_after)) return status;
  char mark[48];
  dla_strbuf path = {0};
  snprintf(mark, sizeof mark, "step-%08" PRId64, e->step);
  dla_beside_name(e->out, mark, &path);
  status = path.failed ? dla_fail_memory(err, "a file name")
                       : dla_checkpoint_link(e->out, path.text, err);
  if (!status && !e->came_after && !note(e, path.text))
    status = dla_fail_memory(err, "a file name");
  if (!status && !e->came_after) status = remove_oldest(e, err);
  dla_strbuf_free(&path);
  return status;
}

void dla_earlier_replaced(dla_earlier *e, int64_t step)
{
  e->step = step;
  e->looked = true;
  e->came_after = false;
}

#include "checkpoint/retention.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/flush.h"
#include "checkpoint/beside.h"
#include "checkpoint/link.h"

bool dla_checkpoint_belongs(const char *out, const char *path)
{
  size_t stem = dla_beside_stem(out), length = strlen(path), ending = strlen(out + stem);
  const char *mark = path + stem;
  if (strcmp(path, out) == 0) return true;
  return length > stem + ending && strncmp(path, out, stem) == 0 &&
         (strncmp(mark, ".step-", 6) == 0 || strncmp(mark, ".best", 5) == 0) &&
         !strchr(mark, '/') && strcmp(path + length - ending, out + stem) == 0;
}

/* ---- Keeping ---- */

static void best_name(const char *out, int64_t rank, dla_strbuf *path)
{
  char mark[48];
  if (rank == 1)
    snprintf(mark, sizeof mark, "best");
  else
    snprintf(mark, sizeof mark, "best-%" PRId64, rank);
  dla_beside_name(out, mark, path);
}

static bool share_file(const char *path, const char *other)
{
  struct stat x, y;
  return stat(path, &x) == 0 && stat(other, &y) == 0 && x.st_dev == y.st_dev &&
         x.st_ino == y.st_ino;
}

static bool ranks_share_file(const char *out, int64_t rank, int64_t other)
{
  dla_strbuf a = {0}, b = {0};
  best_name(out, rank, &a);
  best_name(out, other, &b);
  const bool same = !a.failed && !b.failed && share_file(a.text, b.text);
  dla_strbuf_free(&a);
  dla_strbuf_free(&b);
  return same;
}

/* The last rank to move. One whose file is also the next one's has moved already, before a process
 * ended in the middle of this. */
static int64_t last_to_move(const char *out, int64_t count)
{
  for (int64_t rank = 1; rank < count; rank++)
    if (ranks_share_file(out, rank, rank + 1)) return rank;
  return count;
}

/* From last to first, so that every name always leads to a file. The best is durable before the
 * next checkpoint replaces `out`, its only other name. */
dla_status dla_checkpoint_keep_best(const char *out, int64_t count, dla_error *err)
{
  dla_status status = DLA_OK;
  for (int64_t rank = last_to_move(out, count); rank > 0 && !status; rank--) {
    dla_strbuf from = {0}, to = {0};
    if (rank > 1)
      best_name(out, rank - 1, &from);
    else
      dla_strbuf_printf(&from, "%s", out);
    best_name(out, rank, &to);
    if (from.failed || to.failed)
      status = dla_fail_memory(err, "a file name");
    else if (rank == 1 || access(from.text, F_OK) == 0)
      status = dla_checkpoint_link(from.text, to.text, err);
    dla_strbuf_free(&from);
    dla_strbuf_free(&to);
  }
  if (count > 0) dla_flush_folder_of(out);
  return status;
}

/* Of safetensors the metadata tells it. False: no complete checkpoint. */
static bool state_of(const char *path, dla_train_state *state)
{
  dla_error ignored = {0};
  dla_checkpoint *whole = NULL;
  if (access(path, F_OK)) return false;
  if (dla_checkpoint_read_state(path, state, &ignored) == DLA_OK) return true;
  const bool is = dla_checkpoint_read(path, "", &whole, &ignored) == DLA_OK;
  if (is) *state = *dla_checkpoint_state(whole);
  dla_checkpoint_free(whole);
  return is;
}

/* A checkpoint knows whether it was the best when it was saved. */
static bool lacks_best(const char *out, const char *path)
{
  dla_train_state last, best;
  if (share_file(out, path) || !state_of(out, &last)) return false;
  if (last.batch > 0 || last.epoch < 1 || last.best_epoch != last.epoch) return false;
  return !state_of(path, &best) || best.step != last.step || best.epoch != last.epoch;
}

dla_status dla_checkpoint_settle_best(const char *out, int64_t count, dla_error *err)
{
  dla_strbuf path = {0};
  if (count < 1) return DLA_OK;
  best_name(out, 1, &path);
  dla_status status = path.failed ? dla_fail_memory(err, "a file name") : DLA_OK;
  if (!status && lacks_best(out, path.text)) status = dla_checkpoint_keep_best(out, count, err);
  dla_strbuf_free(&path);
  return status;
}

/* ---- Finding ---- */

typedef struct search {
  dla_checkpoint_reader *read;
  dla_checkpoint_skipped *skipped;
  void *context;
  dla_strbuf *path;
  dla_checkpoint *newest; /* the newest so far */
  int damaged;
} search;

/* Reads a file. It becomes the newest if it is complete and has more steps. */
static dla_status consider(search *s, const char *path, dla_error *err)
{
  dla_checkpoint *found = NULL;
  dla_error why = {0};
  dla_status status = s->read(path, "", &found, &why);
  if (status == DLA_E_MEMORY) *err = why;
  if (status == DLA_E_MEMORY) return status;
  if (status) {
    s->skipped(s->context, path, &why);
    s->damaged++;
    return DLA_OK;
  }
  if (s->newest && dla_checkpoint_state(found)->step <= dla_checkpoint_state(s->newest)->step) {
    dla_checkpoint_free(found);
    return DLA_OK;
  }
  dla_checkpoint_free(s->newest);
  s->newest = found;
  dla_strbuf_free(s->path);
  dla_strbuf_printf(s->path, "%s", path);
  return s->path->failed ? dla_fail_memory(err, "a file name") : DLA_OK;
}

/* Finds the complete checkpoint with the most steps; none if there are no checkpoints. If all are
 * damaged, it fails: a fresh start would overwrite them. `out` is the run's last one. The others
 * are read only if it is missing or damaged: after a run went back to an earlier one, some may have
 * more steps than `out`. */
static dla_status find_newest(const char *out, dla_checkpoint_reader *read,
                              dla_checkpoint_skipped *skipped, void *context, dla_strbuf *path,
                              dla_checkpoint **checkpoint, dla_error *err)
{
  search s = {.read = read, .skipped = skipped, .context = context, .path = path};
  dla_beside l = {0};
  const char *end = out + dla_beside_stem(out);
  dla_status status = access(out, F_OK) == 0 ? consider(&s, out, err) : DLA_OK;
  if (!status && !s.newest) status = dla_beside_list(out, ".step-", end, &l, err);
  if (!status && !s.newest) status = dla_beside_list(out, ".best", end, &l, err);
  for (size_t i = 0; i < l.count && !status; i++)
    status = consider(&s, l.name[i], err);
  dla_beside_free(&l);
  *checkpoint = s.newest;
  if (!status && !s.newest && s.damaged)
    status = dla_fail(err, DLA_E_INPUT, out, "move it away to start fresh",
                      "no checkpoint of this run is whole");
  if (!status) return DLA_OK;
  dla_checkpoint_free(s.newest);
  *checkpoint = NULL;
  return status;
}

/* Is it a temporary file of this run: the name of one of its checkpoints, plus a unique suffix? */
static bool is_temporary(const char *out, const char *path)
{
  const size_t stem = dla_atomic_stem(path);
  if (!stem) return false;
  char *name = strndup(path, stem);
  const bool is = name && dla_checkpoint_belongs(out, name);
  free(name);
  return is;
}

void dla_checkpoint_sweep(const char *out)
{
  dla_beside l = {0};
  dla_error ignored = {0};
  if (dla_beside_list(out, ".", DLA_ATOMIC_SUFFIX, &l, &ignored) == DLA_OK)
    for (size_t i = 0; i < l.count; i++)
      if (is_temporary(out, l.name[i])) unlink(l.name[i]);
  dla_beside_free(&l);
}

/* ---- The checkpoint that checkpoint.in names ---- */

bool dla_checkpoint_is_of_run(const char *in)
{
  return strcmp(in, "auto") == 0 || strcmp(in, "last") == 0 || strcmp(in, "best") == 0;
}

static dla_status fail_missing(const char *in, const char *path, dla_error *err)
{
  const char *hint = "checkpoint.in is a file, or auto, last or best";
  if (strcmp(in, "best") == 0)
    hint = "an epoch that ends with a test writes it, unless checkpoint.keep_best is 0; "
           "checkpoint.in=last is the newest";
  if (strcmp(in, "last") == 0)
    hint = "output.dir or checkpoint.out says where the run is; with checkpoint.in=auto a run "
           "without a checkpoint starts fresh";
  return dla_fail(err, DLA_E_INPUT, path, hint, "cannot open: %s", strerror(ENOENT));
}

dla_status dla_checkpoint_find(const char *in, const char *key, const char *out,
                               bool may_be_missing, dla_checkpoint_reader *read,
                               dla_checkpoint_skipped *skipped, void *context, dla_strbuf *path,
                               dla_checkpoint **checkpoint, dla_error *err)
{
  *checkpoint = NULL;
  if (strcmp(in, "auto") == 0)
    return find_newest(out, read, skipped, context, path, checkpoint, err);
  if (strcmp(in, "best") == 0)
    dla_beside_name(out, in, path);
  else
    dla_strbuf_printf(path, "%s", strcmp(in, "last") == 0 ? out : in);
  if (path->failed) return dla_fail_memory(err, "a file name");
  const bool missing = access(path->text, F_OK) != 0 && errno == ENOENT;
  if (may_be_missing && missing) return DLA_OK;
  if (missing) return fail_missing(in, path->text, err);
  return read(path->text, key, checkpoint, err);
}

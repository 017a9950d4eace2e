#include "slurm/submit.h"

#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/swept_folder.h"
#include "base/temporary_folder.h"
#include "process/argv.h"
#include "process/capture.h"

/* Joins several lines into one, for an error. */
static void join_lines(const dla_strbuf *printed, dla_strbuf *line)
{
  for (const char *c = dla_strbuf_text(printed); *c;) {
    const size_t length = strcspn(c, "\r\n");
    if (length) dla_strbuf_printf(line, "%s%.*s", line->length ? "; " : "", (int)length, c);
    c += length + strspn(c + length, "\r\n");
  }
}

static dla_status fail_sbatch(int number, const dla_strbuf *printed, dla_error *err)
{
  dla_strbuf line = {0};
  join_lines(printed, &line);
  dla_status status = dla_fail(err, DLA_E_INPUT, NULL, "see the section slurm of the config",
                               "sbatch ended with status %d: %.300s", number,
                               line.length ? line.text : "it printed nothing");
  dla_strbuf_free(&line);
  return status;
}

static dla_status run_sbatch(const char *program, const char *path, dla_strbuf *printed,
                             dla_error *err)
{
  dla_process_end end;
  dla_status status = dla_process_capture(program, path, NULL, NULL, printed, &end, err);
  return !status && end.status ? fail_sbatch(end.status, printed, err) : status;
}

/* sbatch copies the script, so it may be deleted afterwards. */
static dla_status submit_from(const char *folder, const char *program, const dla_strbuf *script,
                              dla_strbuf *printed, dla_error *err)
{
  dla_strbuf path = {0};
  dla_strbuf_printf(&path, "%s/job.sh", folder);
  dla_status status = path.failed ? dla_fail_memory(err, "a file name") : DLA_OK;
  if (!status) status = dla_atomic_replace(path.text, script->text, script->length, err);
  if (!status) status = run_sbatch(program, path.text, printed, err);
  dla_strbuf_free(&path);
  return status;
}

dla_status dla_slurm_submit(const dla_strbuf *script, dla_strbuf *printed, dla_error *err)
{
  dla_swept_folder *folder = NULL;
  char *program = dla_find_program("sbatch");
  if (!program)
    return dla_fail(err, DLA_E_UNSUPPORTED, NULL,
                    "without --now the script is printed, for sbatch elsewhere",
                    "there is no sbatch on this host");
  dla_status status = script->failed ? dla_fail_memory(err, "the batch script") : DLA_OK;
  if (!status) status = dla_swept_folder_make(dla_temporary_place(), &folder, err);
  if (!status) status = submit_from(dla_swept_folder_path(folder), program, script, printed, err);
  dla_swept_folder_remove(folder);
  free(program);
  return status;
}

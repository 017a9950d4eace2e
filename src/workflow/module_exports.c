#include "workflow/module_exports.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "base/strbuf.h"

dla_status dla_module_exports_begin(dla_module_exports *exports, const dla_job *job, dla_error *err)
{
  exports->job = job;
  exports->path = dla_join_path(job->folders.path[DLA_FOLDER_STORAGE], "env-XXXXXX");
  if (!exports->path) return dla_fail_memory(err, "a file name");
  const int file = mkstemp(exports->path);
  if (file < 0) {
    dla_status status =
        dla_fail(err, DLA_E_IO, exports->path, NULL, "cannot make it: %s", strerror(errno));
    free(exports->path);
    exports->path = NULL;
    return status;
  }
  close(file);
  exports->name = dla_path_name(exports->path);
  return DLA_OK;
}

/* Starts with a newline, because a step may have left its last line without one. */
static dla_status append(const char *path, const dla_strbuf *lines, dla_error *err)
{
  FILE *file = fopen(path, "ae");
  bool failed = !file || fprintf(file, "\n%s", lines->text) < 0;
  if (file && fclose(file)) failed = true;
  if (!failed) return DLA_OK;
  return dla_fail(err, DLA_E_IO, path, NULL, "cannot write what a module exports: %s",
                  strerror(errno));
}

dla_status dla_module_exports_hand_out(const dla_module_exports *exports,
                                       const dla_workflow_use *use, const dla_scope *around,
                                       dla_error *err)
{
  const dla_folders *folders = &exports->job->folders;
  dla_environment env = {0};
  dla_strbuf lines = {0};
  dla_status status = dla_environment_set_file(&env, exports->path, err);
  for (size_t i = 0; !status && i < use->outputs.count; i++) {
    const char *value = dla_environment_get(&env, use->outputs.items[i]);
    if (value)
      dla_strbuf_printf(&lines, "%s_%s=%s\n", use->export_as, use->outputs.items[i], value);
  }
  char *path = around->env_name ? dla_join_path(folders->path[DLA_FOLDER_STORAGE], around->env_name)
                                : strdup(folders->path[DLA_FOLDER_ENV]);
  if (!status && (!path || lines.failed || env.failed)) status = dla_fail_memory(err, "a variable");
  if (!status && lines.length) status = append(path, &lines, err);
  free(path);
  dla_strbuf_free(&lines);
  dla_environment_free(&env);
  return status;
}

void dla_module_exports_free(dla_module_exports *exports)
{
  if (exports->path) unlink(exports->path);
  free(exports->path);
  *exports = (dla_module_exports){0};
}

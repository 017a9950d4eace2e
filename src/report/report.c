#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/path.h"
#include "report/folder.h"
#include "report/runs_page.h"
#include "report/sweep_page.h"

static dla_status write_page(const char *file, const dla_strbuf *page, dla_error *err)
{
  if (page->failed) return dla_fail_memory(err, "a report");
  return dla_atomic_replace(file, page->text, page->length, err);
}

static void free_runs(dla_run **runs, size_t count)
{
  for (size_t i = 0; runs && i < count; i++)
    dla_run_free(runs[i]);
  free(runs);
}

static dla_status make_page(char *const *folders, size_t count, dla_strbuf *page, dla_error *err)
{
  dla_run **runs = calloc(count, sizeof *runs);
  dla_status status = runs ? DLA_OK : dla_fail_memory(err, "the runs");
  for (size_t i = 0; !status && i < count; i++)
    status = dla_run_open(folders[i], count > 1 ? folders[i] : NULL, &runs[i], err);
  if (!status)
    status = count == 1 ? dla_run_page(runs[0], false, page, err)
                        : dla_runs_page(runs, count, NULL, false, page, err);
  free_runs(runs, count);
  return status;
}

/* The page links to pages of trials only if it lies in their folder. */
static dla_status make_sweep(const char *folder, const char *file, dla_strbuf *page, dla_error *err)
{
  dla_run_set *set = NULL;
  char *usual = dla_join_path(folder, DLA_REPORT_FILE);
  dla_status status =
      usual ? dla_run_set_open(folder, &set, err) : dla_fail_memory(err, "a file name");
  if (!status && !set->count)
    status = dla_fail(err, DLA_E_INPUT, folder,
                      "give the folder that a run or a sweep wrote to (output.dir)",
                      "there is no metrics.jsonl, and none in the folders below");
  if (!status)
    status =
        dla_sweep_page(set, strcmp(usual, file) == 0 ? DLA_LINK_REPORTS : DLA_LINK_NONE, page, err);
  dla_run_set_free(set);
  free(usual);
  return status;
}

dla_status dla_report_write(char *const *folders, size_t count, const char *file, dla_error *err)
{
  dla_strbuf page = {0};
  dla_status status = count == 1 && !dla_run_is_one(folders[0])
                          ? make_sweep(folders[0], file, &page, err)
                          : make_page(folders, count, &page, err);
  if (!status) status = write_page(file, &page, err);
  dla_strbuf_free(&page);
  return status;
}

/* ---- A run that goes on ---- */

struct dla_live_report {
  char *folder, *file;
  dla_run *run; /* NULL: not read yet */
};

dla_status dla_live_report_create(const char *folder, dla_live_report **out, dla_error *err)
{
  dla_live_report *report = calloc(1, sizeof *report);
  if (!report) return dla_fail_memory(err, "a report");
  report->folder = strdup(folder);
  report->file = dla_join_path(folder, DLA_REPORT_FILE);
  if (!report->folder || !report->file) {
    dla_live_report_free(report);
    return dla_fail_memory(err, "a report");
  }
  *out = report;
  return DLA_OK;
}

dla_status dla_live_report_write(dla_live_report *report, dla_error *err)
{
  dla_strbuf page = {0};
  dla_status status = report->run ? dla_run_update(report->run, err)
                                  : dla_run_open(report->folder, NULL, &report->run, err);
  if (!status) status = dla_run_page(report->run, false, &page, err);
  if (!status) status = write_page(report->file, &page, err);
  dla_strbuf_free(&page);
  return status;
}

void dla_live_report_free(dla_live_report *report)
{
  if (!report) return;
  dla_run_free(report->run);
  free(report->folder);
  free(report->file);
  free(report);
}

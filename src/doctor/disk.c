/* Checks space and rights where a run writes. */
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cache_folder.h"
#include "base/strbuf.h"
#include "base/temporary_folder.h"
#include "doctor/checks.h"
#include "doctor/doctor.h"

/* A checkpoint of simple_dla with momentum has 120 MB, and two of them are kept. */
static const double TIGHT = 2e9, TOO_SMALL = 3e8;

/* Cuts the path until it exists: the rest will be made. */
static void find_existing(char *path)
{
  while (access(path, F_OK) != 0) {
    char *slash = strrchr(path, '/');
    if (!slash) {
      memcpy(path, ".", 2);
      return;
    }
    slash[slash == path] = '\0';
    if (slash == path) return;
  }
}

static void judge(const doctor *d, const char *name, const char *path, const char *there,
                  bool needed)
{
  struct statvfs info;
  const double giga = 1e9;
  const dla_verdict worst = needed ? DLA_BAD : DLA_WARNING;
  if (access(there, W_OK | X_OK) != 0 || statvfs(there, &info) != 0) {
    dla_findings_add(d->findings, worst, name,
                     needed ? "choose another folder, or change the rights"
                            : "set XDG_CACHE_HOME to a folder that may be written to",
                     "%s: nothing can be written into %s", path, there);
    return;
  }
  const double room = (double)info.f_bavail * (double)info.f_frsize;
  const bool full = room < TOO_SMALL || (info.f_files && !info.f_favail);
  dla_findings_add(d->findings,
                   full           ? worst
                   : room < TIGHT ? DLA_WARNING
                                  : DLA_GOOD,
                   name, full || room < TIGHT ? "make room, or choose another folder" : NULL,
                   "%s: %.1f GB are free%s", path, room / giga,
                   info.f_files && !info.f_favail ? ", but no file can be added" : "");
}

static void look_at(const doctor *d, const char *name, const char *path, bool needed)
{
  char *there = strdup(*path ? path : "."); /* never empty, so that "." has room */
  if (!there) {
    d->findings->failed = true;
    return;
  }
  find_existing(there);
  judge(d, name, path, there, needed);
  free(there);
}

void doctor_disk(const doctor *d)
{
  const char *output = d->config->output.dir;
  dla_strbuf cache = {0};
  const bool by_job = strncmp(output, DLA_DOCTOR_OUTPUT, strlen(DLA_DOCTOR_OUTPUT)) == 0;
  if (!by_job) look_at(d, "output folder", output, true);
  dla_cache_folder(&cache);
  d->findings->failed |= cache.failed;
  if (cache.length)
    look_at(d, "cache folder", cache.text, false);
  else
    dla_findings_add(d->findings, DLA_WARNING, "cache folder",
                     "set XDG_CACHE_HOME to a folder of yours",
                     "there is none: what was measured or decoded is not kept between runs");
  dla_strbuf_free(&cache);
  look_at(d, "temporary folder", dla_temporary_place(), true);
}

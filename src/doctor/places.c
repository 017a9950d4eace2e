/* Checks the configuration's files and servers, and compares this machine's clock with theirs. */
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "checkpoint/retention.h"
#include "doctor/checks.h"
#include "doctor/doctor.h"
#include "job/place.h"
#include "staging/transfer/probe.h"

/* ---- Files ---- */

static void look_for(const doctor *d, const char *key, const char *path)
{
  static const char *const of_jobs[] = {DLA_DOCTOR_INPUT, DLA_DOCTOR_OUTPUT};
  for (size_t i = 0; i < sizeof of_jobs / sizeof *of_jobs; i++)
    if (strncmp(path, of_jobs[i], strlen(of_jobs[i])) == 0) return;
  if (!path[0]) return;
  if (access(path, R_OK) == 0)
    dla_findings_add(d->findings, DLA_GOOD, key, NULL, "%s is there", path);
  else
    dla_findings_add(d->findings, DLA_BAD, key, "check the path, and the rights on it",
                     "%s is not there, or cannot be read", path);
}

void doctor_files(const doctor *d)
{
  const dla_config *c = d->config;
  look_for(d, "dataset.path", c->dataset.path);
  look_for(d, "dataset.train", c->dataset.train);
  look_for(d, "dataset.val", c->dataset.val);
  look_for(d, "input.dir", c->input.dir);
  look_for(d, "model.graph", c->model.graph);
  look_for(d, "model.pretrained", c->model.pretrained);
  if (!dla_checkpoint_is_of_run(c->checkpoint.in)) look_for(d, "checkpoint.in", c->checkpoint.in);
}

/* ---- Servers ---- */

enum { CLOCK_TOLD = 60, CLOCK_REFUSED = 900 }; /* S3 refuses signatures that are 15 minutes old */

static void judge_clock(const doctor *d, const char *name, const dla_probe *probe)
{
  const double by = fabs(probe->clock_ahead);
  const char *how = probe->clock_ahead > 0 ? "ahead of" : "behind";
  if (by < CLOCK_TOLD)
    dla_findings_add(d->findings, DLA_GOOD, "clock", NULL, "within %.0f s of the %s server's",
                     by + 1, name);
  else
    dla_findings_add(d->findings, by < CLOCK_REFUSED ? DLA_WARNING : DLA_BAD, "clock",
                     "set the clock: S3 refuses signatures that are 15 minutes off",
                     "%.0f min %02.0f s %s the %s server's", floor(by / 60), fmod(by, 60), how,
                     name);
}

/* Allows one retry and short times, because a person waits for the answer. */
static void be_quick(dla_stage_settings *settings)
{
  settings->retries = 1;
  settings->connect_timeout = 5;
  settings->stall_timeout = 10;
  settings->total_timeout = 15;
}

/* Returns whether the clock was checked. */
static bool look_at(const doctor *d, const char *name, bool writes, dla_place *place)
{
  dla_probe probe = {0};
  dla_error err = {0};
  const char *location = dla_secret_text(place->location);
  be_quick(&place->settings);
  dla_status status = dla_stage_probe(location, writes, &place->settings, &probe, &err);
  if (status) {
    /* A key that may write may not be allowed to list. */
    const bool denied = writes && probe.code == 403;
    dla_findings_add_error(d->findings, denied ? DLA_WARNING : DLA_BAD, name, &err);
  } else {
    dla_findings_add(d->findings, DLA_GOOD, name, NULL, "%s answers (%ld) in %.2f s%s", probe.shown,
                     probe.code, probe.seconds, writes ? "; nothing was written to it" : "");
  }
  if (probe.has_date) judge_clock(d, name, &probe);
  return probe.has_date;
}

static bool look_at_place(const doctor *d, const char *name, bool writes,
                          dla_status (*read)(const dla_config *, dla_place *, dla_error *))
{
  dla_place place;
  dla_error err = {0};
  bool clock = false;
  if (read(d->config, &place, &err))
    dla_findings_add_error(d->findings, DLA_BAD, name, &err);
  else if (place.location)
    clock = look_at(d, name, writes, &place);
  dla_place_free(&place);
  return clock;
}

void doctor_servers(const doctor *d)
{
  enum { BUILT_NOT_BEFORE = 1735689600 }; /* 2025 */
  bool clock = look_at_place(d, "input", false, dla_place_input);
  clock |= look_at_place(d, "output", true, dla_place_output);
  if (clock) return;
  if (time(NULL) < BUILT_NOT_BEFORE)
    dla_findings_add(d->findings, DLA_BAD, "clock", "set the clock",
                     "it is years behind: no server will take a signature of it");
  else
    dla_findings_add(d->findings, DLA_GOOD, "clock", NULL,
                     "no server of the configuration tells the time to compare it with");
}

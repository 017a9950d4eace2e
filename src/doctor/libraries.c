/* The backends' libraries. The chosen backend is loaded. */
#include <string.h>

#include "base/isa.h"
#include "base/team.h"
#include "dla/backend.h"
#include "dla/picture.h"
#include "doctor/checks.h"
#include "train/experiment.h"

static dla_status try_backend(const dla_config *config, const dla_backend *backend, dla_error *err)
{
  dla_team *team;
  void *made;
  dla_backend_options options = {.convolution = config->backend.convolution,
                                 .device = config->backend.device};
  dla_status status = dla_isa_choose(&options.isa, err);
  if (!status) status = dla_team_create(dla_experiment_threads(config, NULL), &team, err);
  if (status) return status;
  options.team = team;
  status = backend->create(&options, &made, err);
  if (!status) backend->destroy(made);
  dla_team_destroy(team);
  return status;
}

static void look_at(const doctor *d, const dla_backend *backend)
{
  const bool chosen = strcmp(backend->name, d->config->backend.name) == 0;
  char version[DLA_BACKEND_VERSION];
  dla_error err = {0};
  if (chosen && try_backend(d->config, backend, &err))
    dla_findings_add_error(d->findings, DLA_BAD, backend->name, &err);
  else
    dla_findings_add(d->findings, DLA_GOOD, backend->name, NULL, "%s%s",
                     backend->version(chosen ? d->config->backend.device : NULL, version),
                     chosen ? "; it is what computes" : "");
}

void doctor_libraries(const doctor *d)
{
  char formats[DLA_PICTURE_FORMATS];
  if (!dla_backend_find(d->config->backend.name))
    dla_findings_add(d->findings, DLA_BAD, d->config->backend.name,
                     "choose another backend.name, or build with this one",
                     "this build has no such backend");
  for (int i = 0; dla_backend_at(i); i++)
    look_at(d, dla_backend_at(i));
  dla_picture_formats(formats);
  dla_findings_add(d->findings, DLA_GOOD, "pictures", NULL, "%s", formats);
}

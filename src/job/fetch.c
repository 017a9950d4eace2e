#include "job/fetch.h"

#include "base/change_mode.h"
#include "staging/transfer/stage.h"

dla_status dla_job_fetch_input(const dla_place *from, const char *folder, int64_t mode,
                               const dla_stage_observer *observer, dla_stage_outcome *outcome,
                               dla_error *err)
{
  *outcome = (dla_stage_outcome){0};
  const dla_stage_request request = {.source = dla_secret_text(from->location), .dest = folder};
  dla_status status = DLA_OK;
  if (from->location) status = dla_stage_get(&request, &from->settings, observer, outcome, err);
  return status || mode < 0 ? status : dla_change_modes(folder, (unsigned)mode, err);
}

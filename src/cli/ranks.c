#include "cli/ranks.h"

#include <stdio.h>

#include "cli/output.h"

dla_status dla_cli_ranks_begin(dla_cli_ranks *ranks, dla_error *err)
{
  *ranks = (dla_cli_ranks){0};
  return dla_dist_start(&ranks->dist, err);
}

static void name_rank(const dla_dist *dist, dla_error *err)
{
  char where[sizeof err->where];
  snprintf(where, sizeof where, "rank %d on %.60s%s%.150s", dla_dist_rank(dist),
           dla_dist_host(dist), *err->where ? ": " : "", err->where);
  dla_fail(err, err->status, where, err->hint, "%s", err->what);
}

dla_status dla_cli_ranks_agree(dla_cli_ranks *ranks, dla_status status, dla_error *err)
{
  if (!ranks->dist) return status;
  int first = dla_dist_first(ranks->dist, status != DLA_OK);
  if (first < 0) return DLA_OK;
  ranks->agreed = true;
  ranks->tells = first == dla_dist_rank(ranks->dist);
  if (ranks->tells && first > 0) name_rank(ranks->dist, err);
  return status ? status : dla_fail(err, DLA_E_INTERNAL, NULL, NULL, "rank %d failed", first);
}

/* Whether all ranks get this status at the same step. */
static bool is_common(dla_status status)
{
  return status == DLA_E_DIVERGED || status == DLA_E_INTERRUPTED;
}

dla_status dla_cli_ranks_end(dla_cli_ranks *ranks, dla_status status, dla_error *err)
{
  if (!ranks->dist) return status;
  if (is_common(status)) {
    ranks->agreed = true;
    ranks->tells = dla_dist_rank(ranks->dist) == 0;
  }
  if (status && !ranks->agreed) {
    name_rank(ranks->dist, err);
    dla_cli_report(err);
    dla_dist_abort(ranks->dist, dla_exit_status(status));
  }
  dla_dist_finish(ranks->dist);
  return ranks->tells ? status : DLA_OK;
}

/* A sweep's trials, best first: for people, as CSV and as JSON. */
#ifndef DLA_SWEEP_LEADERBOARD_H
#define DLA_SWEEP_LEADERBOARD_H

#include "sweep/standing.h"

typedef void dla_leaderboard(const dla_sweep *sweep, const dla_trials *trials,
                             const dla_standing *standing, dla_strbuf *out);

dla_leaderboard dla_leaderboard_table, dla_leaderboard_csv, dla_leaderboard_json;

#endif

/* Serves live reports of all runs below a folder, to browsers on this machine. */
#ifndef DLA_REPORT_SERVER_H
#define DLA_REPORT_SERVER_H

#include "train/evaluate.h"

typedef struct dla_report_server {
  const char *folder;
  int port;                                              /* of 127.0.0.1; 0: any that is free */
  void (*listening)(void *context, const char *address); /* "http://127.0.0.1:8080/" */
  void *context;
  dla_stop stop; /* asked a few times a second */
} dla_report_server;

/* Serves until it is stopped. Paths are names of runs that were found, so a request can reach
 * nothing else on the disk. Errors: DLA_E_INPUT, there is no such folder, or the port is taken. */
dla_status dla_report_serve(const dla_report_server *server, dla_error *err);

#endif

/* Reports changes in a folder and its sub-folders, by inotify(7). */
#ifndef DLA_STAGING_TRANSFER_TREE_EVENTS_H
#define DLA_STAGING_TRANSFER_TREE_EVENTS_H

#include <stdbool.h>

typedef struct dla_tree_events dla_tree_events;

typedef enum dla_tree_change {
  DLA_TREE_WRITTEN, /* a program writes the file and has not closed it yet */
  DLA_TREE_CLOSED,  /* closed after writing, or renamed into place */
  DLA_TREE_LINKED,  /* a new name for a file: no event tells whether it is complete */
  DLA_TREE_LOST     /* events were lost, or a folder is new: look at everything. key is NULL */
} dla_tree_change;

typedef void dla_tree_report(void *context, dla_tree_change change, const char *key);

/* Returns NULL where there is no inotify: the caller has to look by itself. */
dla_tree_events *dla_tree_events_new(const char *folder);
void dla_tree_events_free(dla_tree_events *events);

/* It becomes readable when there is something to report. */
int dla_tree_events_descriptor(const dla_tree_events *events);
/* Reports what has happened, without waiting. */
void dla_tree_events_read(dla_tree_events *events, dla_tree_report *report, void *context);
/* Whether every folder is watched. The kernel's limit may prevent it, for example. */
bool dla_tree_events_complete(const dla_tree_events *events);

#endif

/* The control groups of this process, below /sys/fs/cgroup. */
#ifndef DLA_BASE_CGROUP_H
#define DLA_BASE_CGROUP_H

/* Calls look with each of the process's groups, as a path below /sys/fs/cgroup: "/a/b", "/a", and
 * "" for the root. In a container the root is the container's own group. A limit may be set on any
 * of them. controller NULL stands for version 2. A name such as "memory" stands for version 1,
 * where the paths begin with it: "/memory/a", "/memory". */
void dla_cgroup_walk(const char *controller, void (*look)(void *context, const char *group),
                     void *context);

/* Reads up to two numbers at the start of a group's file. Returns how many it read: 0 for "max",
 * and where there is no such file. */
int dla_cgroup_numbers(const char *group, const char *name, double *first, double *second);

#endif

#include "base/cgroup.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Is the controller in a list such as "cpu,cpuacct"? */
static bool is_listed(const char *list, const char *controller)
{
  const size_t length = strlen(controller);
  for (; *list; list += strcspn(list, ","), list += *list == ',')
    if (strncmp(list, controller, length) == 0 && strcspn(list, ",") == length) return true;
  return false;
}

/* The path in a line "4:cpu,cpuacct:/a/b" or "0::/a/b"; NULL if the line is another
 * controller's. */
static char *path_in(char *line, const char *controller)
{
  char *name = strchr(line, ':'), *path = name ? strchr(name + 1, ':') : NULL;
  if (!path) return NULL;
  *path++ = '\0';
  path[strcspn(path, "\n")] = '\0';
  const bool same = controller ? is_listed(name + 1, controller) : !name[1];
  return same ? path : NULL;
}

void dla_cgroup_walk(const char *controller, void (*look)(void *context, const char *group),
                     void *context)
{
  char line[512], group[600] = "", *path = NULL;
  FILE *file = fopen("/proc/self/cgroup", "re");
  while (file && !path && fgets(line, sizeof line, file))
    path = path_in(line, controller);
  if (file) fclose(file);
  const int root = controller ? snprintf(group, sizeof group, "/%.60s", controller) : 0;
  if (path) snprintf(group + root, sizeof group - (size_t)root, "%s", path);
  for (char *slash; (slash = strrchr(group + root, '/')); *slash = '\0')
    if (slash[1]) look(context, group);
  look(context, group);
}

int dla_cgroup_numbers(const char *group, const char *name, double *first, double *second)
{
  char path[600];
  snprintf(path, sizeof path, "/sys/fs/cgroup%.400s/%s", group, name);
  FILE *file = fopen(path, "re");
  if (!file) return 0;
  const int count = fscanf(file, "%lf %lf", first, second);
  fclose(file);
  return count > 0 ? count : 0;
}

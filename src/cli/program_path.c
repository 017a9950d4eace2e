#include "config.h" /* realpath */

#include "cli/program_path.h"

#include <stdlib.h>

dla_status dla_cli_program_path(char **path, dla_error *err)
{
  *path = realpath("/proc/self/exe", NULL);
  return *path ? DLA_OK : dla_fail_errno(err, "/proc/self/exe", "find this program");
}

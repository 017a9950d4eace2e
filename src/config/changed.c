#include "config/config.h"

/* A rule's own numbers are no changes: Lion's rate is not SGD's, and SGD's is one for Lion. */
static void settle_as(dla_config *defaults, const dla_config *config)
{
  char *name = defaults->optimizer.name;
  defaults->optimizer.name = config->optimizer.name;
  dla_config_settle_optimizer(defaults);
  defaults->optimizer.name = name;
}

dla_status dla_config_changed(const dla_config *config, dla_config_report *report, void *context,
                              dla_error *err)
{
  dla_config defaults;
  const dla_config_layers none = {0};
  dla_status status = dla_config_load(&defaults, &none, err);
  if (status) return status;
  settle_as(&defaults, config);
  status = dla_config_compare(&defaults, config, report, context, err);
  dla_config_free(&defaults);
  return status;
}

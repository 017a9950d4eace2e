/* Returns a failure to the caller, where nothing has to be freed. */
#ifndef DLA_BASE_TRY_H
#define DLA_BASE_TRY_H

#include "dla/status.h"

#define TRY(expression)                                                                            \
  do {                                                                                             \
    dla_status status_ = (expression);                                                             \
    if (status_ != DLA_OK) return status_;                                                         \
  } while (0)

#endif

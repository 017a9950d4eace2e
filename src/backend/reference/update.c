/* The update of all parameters, by the rule's own reference. */
#include "backend/reference/reference.h"

void reference_update(const dla_program *program, const dla_instruction *i)
{
  (void)i;
  for (int k = 0; k < program->update.count; k++) {
    dla_update_span span = dla_program_update_span(program, k);
    const dla_update_numbers numbers = dla_program_update_numbers(program, k);
    program->update.optimizer->reference(&span, &numbers);
  }
}

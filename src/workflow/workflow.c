#include "workflow/workflow.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"

static void free_variables(dla_workflow_variables *variables)
{
  for (size_t i = 0; i < variables->count; i++) {
    free(variables->items[i].key);
    free(variables->items[i].value);
  }
  free(variables->items);
}

static void free_transfer(dla_workflow_transfer *transfer)
{
  dla_secret_free(transfer->url);
  dla_secret_free(transfer->access_key);
  dla_secret_free(transfer->secret_key);
  free(transfer->region);
  free(transfer->bucket_url);
  free(transfer->path);
  free(transfer->endpoint_url);
}

static void free_command(dla_workflow_command *run)
{
  free(run->command);
  free(run->shell);
  free(run->work_dir);
  free(run->mpi);
  free(run->container.image);
  free(run->container.registry);
  for (size_t i = 0; i < run->container.mount_count; i++) {
    free(run->container.mounts[i].host_dir);
    free(run->container.mounts[i].container_dir);
    free(run->container.mounts[i].options);
  }
  free(run->container.mounts);
  free_variables(&run->env);
}

static void free_steps(dla_workflow_steps *steps)
{
  for (size_t i = 0; i < steps->count; i++) {
    dla_workflow_step *step = &steps->items[i];
    free(step->name);
    free(step->condition);
    free_command(&step->run);
    free(step->train);
    free(step->use.file);
    free(step->use.export_as);
    free_variables(&step->use.inputs);
    dla_free_texts(step->use.outputs.items, step->use.outputs.count);
    free_steps(&step->steps);
    free_steps(&step->on_failure);
    free_steps(&step->always);
    dla_free_texts(step->loop.items.items, step->loop.items.count);
    free_steps(&step->loop.steps);
    free(step->launch.handle);
    free_steps(&step->launch.steps);
    dla_free_texts(step->depends_on.items, step->depends_on.count);
  }
  free(steps->items);
  free(steps->order);
}

void dla_workflow_free(dla_workflow *workflow)
{
  free(workflow->name);
  free_variables(&workflow->env);
  free_transfer(&workflow->input);
  free_transfer(&workflow->output);
  free_steps(&workflow->steps);
  *workflow = (dla_workflow){0};
}

/* Handles are compared without regard to case, as on the grid. */
const dla_workflow_step *dla_workflow_find_step(const dla_workflow_steps *steps, const char *name)
{
  for (size_t i = 0; i < steps->count; i++)
    if (steps->items[i].launch.handle && strcasecmp(steps->items[i].launch.handle, name) == 0)
      return &steps->items[i];
  for (size_t i = 0; i < steps->count; i++)
    if (steps->items[i].name && strcmp(steps->items[i].name, name) == 0) return &steps->items[i];
  return NULL;
}

size_t dla_workflow_loop_count(const dla_workflow_loop *loop)
{
  if (!loop->has_range) return loop->items.count;
  int64_t distance = loop->end - loop->begin;
  return distance && (distance < 0) != (loop->increment < 0)
             ? 0
             : (size_t)(distance / loop->increment) + 1;
}

void dla_workflow_loop_pass(const dla_workflow_loop *loop, size_t i, char index[24],
                            const char **item)
{
  int64_t number = loop->has_range ? loop->begin + (int64_t)i * loop->increment : (int64_t)i;
  snprintf(index, 24, "%" PRId64, number);
  *item = loop->has_range ? index : loop->items.items[i];
}

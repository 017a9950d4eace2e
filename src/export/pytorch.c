#include "export/pytorch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/make_folder.h"
#include "base/path.h"
#include "base/try.h"
#include "export/pytorch_layers.h"
#include "train/experiment.h"

static const char head[] =
    "\"\"\"A network that dla-train has trained; its weights are in model.pth.\n\n"
    "    from model import load, read\n"
    "    logits = load()(read(\"photo.jpg\")[None])\n\n"
    "or: python3 model.py photo.jpg\"\"\"\n"
    "import sys\n"
    "from pathlib import Path\n\n"
    "import torch\n"
    "from torch import nn\n"
    "from torch.nn import functional as F\n\n";

static const char middle[] =
    "\n\n"
    "def read(path):\n"
    "    \"\"\"A picture as the network is evaluated with: {C, CROP, CROP}, from 0 to 1.\"\"\"\n"
    "    from PIL import Image, ImageOps\n\n"
    "    image = ImageOps.exif_transpose(Image.open(path)).convert(\"RGBA\")\n"
    "    image = Image.alpha_composite(Image.new(\"RGBA\", image.size, \"white\"), image)"
    ".convert(\"RGB\")\n"
    "    size = [RESIZE * side // min(image.size) for side in image.size]\n"
    "    image = image.resize(size, Image.BILINEAR)\n"
    "    left, top = (round((side - CROP) / 2) for side in size)\n"
    "    image = image.crop((left, top, left + CROP, top + CROP)).convert(COLOURS)\n"
    "    pixels = torch.tensor(list(image.tobytes())).view(CROP, CROP, -1)\n"
    "    return pixels.permute(2, 0, 1) / 255\n\n\n"
    "def add(module, name, layer):\n"
    "    \"\"\"Puts a layer where its name says: \"base.0\" is child 0 of child base.\"\"\"\n"
    "    *path, last = name.split(\".\")\n"
    "    for part in path:\n"
    "        if part not in module._modules:\n"
    "            module.add_module(part, nn.Module())\n"
    "        module = module._modules[part]\n"
    "    module.add_module(last, layer)\n\n\n"
    "class Model(nn.Module):\n"
    "    def __init__(self):\n"
    "        super().__init__()\n";

static const char forward[] =
    "\n"
    "    def forward(self, x):\n"
    "        layer = self.get_submodule\n"
    "        x = (x - x.new_tensor(MEAN).view(-1, 1, 1)) / x.new_tensor(STD).view(-1, 1, 1)\n";

static const char tail[] =
    "\n\n"
    "def load(path=Path(__file__).with_name(\"model.pth\")):\n"
    "    model = Model()\n"
    "    model.load_state_dict(torch.load(path, map_location=\"cpu\", "
    "weights_only=True)[\"net\"])\n"
    "    return model.eval()\n\n\n"
    "if __name__ == \"__main__\":\n"
    "    model = load()\n"
    "    for name in sys.argv[1:]:\n"
    "        with torch.no_grad():\n"
    "            best = model(read(name)[None])[0].softmax(0).max(0)\n"
    "        print(f\"{name}: {CLASSES[best.indices]} {100 * best.values:.1f} %\")\n";

/* Writes constants: the classes, and how pictures are prepared. */
static void put_numbers(const dla_export_model *model, dla_strbuf *out)
{
  const dla_config *config = model->parts.config;
  const int64_t channels = config->model.in_channels;
  dla_strbuf_printf(out, "CLASSES = ");
  dla_export_classes(out, model);
  dla_strbuf_printf(out, "\n# The short side becomes RESIZE pixels, and the middle is cut out.\n");
  dla_strbuf_printf(out, "RESIZE, CROP = %d, %" PRId64 "\n", dla_experiment_resize(config),
                    config->model.image_size);
  dla_strbuf_printf(out, "COLOURS = \"%s\"\n", channels == 1 ? "L" : "RGB");
  dla_strbuf_printf(out, "MEAN = ");
  dla_export_floats(out, model->parts.normalization->mean, channels);
  dla_strbuf_printf(out, "  # of pixels from 0 to 1\nSTD = ");
  dla_export_floats(out, model->parts.normalization->std, channels);
  dla_strbuf_printf(out, "\n");
}

static dla_status make_program(const dla_export_model *model, dla_strbuf *out, dla_error *err)
{
  dla_strbuf_append(out, head, strlen(head));
  put_numbers(model, out);
  dla_strbuf_append(out, middle, strlen(middle));
  TRY(dla_pytorch_modules(model, out, err));
  dla_strbuf_append(out, forward, strlen(forward));
  TRY(dla_pytorch_forward(model, out, err));
  dla_strbuf_append(out, tail, strlen(tail));
  return out->failed ? dla_fail_memory(err, "the program") : DLA_OK;
}

/* Writes the network's own weights, so that the names are right whatever file they came from. */
static dla_status write_weights(const dla_export_model *model, const char *path, dla_error *err)
{
  const dla_predictor_parts *parts = &model->parts;
  dla_checkpoint *checkpoint = NULL;
  TRY(dla_checkpoint_capture(parts->network, dla_checkpoint_state(parts->checkpoint), &checkpoint,
                             err));
  dla_status status = dla_self_copy(parts->checkpoint, checkpoint, err);
  if (!status) status = dla_checkpoint_write(checkpoint, path, err);
  dla_checkpoint_free(checkpoint);
  return status;
}

static dla_status write_files(const dla_export_model *model, const dla_strbuf *program,
                              const char *folder, dla_error *err)
{
  TRY(dla_make_folder(folder, err));
  char *weights = dla_join_path(folder, "model.pth"), *text = dla_join_path(folder, "model.py");
  dla_status status =
      weights && text ? write_weights(model, weights, err) : dla_fail_memory(err, "a path");
  if (!status) status = dla_atomic_replace(text, program->text, program->length, err);
  free(weights);
  free(text);
  return status;
}

/* The program is made first: it fails for a layer that it cannot express, and then there is nothing
 * to write. */
dla_status dla_export_pytorch(const dla_export_model *model, const char *folder, dla_error *err)
{
  dla_strbuf program = {0};
  dla_status status = make_program(model, &program, err);
  if (!status) status = write_files(model, &program, folder, err);
  dla_strbuf_free(&program);
  return status;
}

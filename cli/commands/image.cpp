// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "../image/acceptance.hpp"
#include "../image/digest.hpp"
#include "../image/layout.hpp"
#include "../registry/reference.hpp"
#include "../text/json_text.hpp"
#include "annotations.hpp"
#include "command.hpp"
#include "filter_folder.hpp"
#include "filter_module.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;

constexpr const char* examples =
    "The same module and annotations give the same digest on every machine.\n"
    "Source, revision and version come from git, where all is committed.\n"
    "\n"
    "Examples:\n"
    "  wasmup image\n"
    "      The filter of this folder, as an OCI layout: build/NAME.oci.\n"
    "  wasmup image hello.wasm -t ghcr.io/owner/hello:v1 -o hello.tar\n"
    "      A module as an archive, for skopeo, podman or docker load.";

struct ImageFlags {
  std::optional<std::string> filter = {};
  std::optional<std::string> tag = {};
  std::optional<std::string> output = {};
  std::string format = "image";
  std::vector<std::string> annotations = {};
  bool no_git = false;
  bool json = false;
};

/// Beside a module; in a folder's build/.
text::Place output_of(const fs::path& filter, const std::string& name) {
  const fs::path folder = filter.extension() == ".wasm" ? "." : "build";
  return {folder_of(filter), folder / (name + ".oci")};
}

Expected<void> write(const image::Image& image, const text::Place& output, const std::string& name) {
  if (output.name.extension() != ".tar") return image::write_layout(image, output, name);
  return text::write_file(output.path(), image::to_archive(image, name));
}

Expected<void> make_image(const ImageFlags& flags, Environment& environment) {
  std::string name;
  if (flags.tag) {
    const Expected<registry::Reference> reference = registry::parse_reference(*flags.tag);
    if (!reference) return std::unexpected(reference.error());
    name = reference->text();
  }
  const Expected<fs::path> filter = find_filter(environment, flags.filter);
  if (!filter) return std::unexpected(filter.error());
  if (flags.json) environment.terminal.keep_to_print();
  const Expected<FilterModule> module = get_filter_module(environment, *filter);
  if (!module) return std::unexpected(module.error());
  image::Options options{.format = image::parse_format(flags.format).value_or(image::Format::image)};
  if (!flags.no_git) options.annotations = git_annotations(environment.processes, folder_of(*filter));
  if (const auto added = add_annotations(options.annotations, flags.annotations); !added) return added;
  const Expected<image::Image> image = image::build({module->stem(), module->bytes}, options);
  if (!image) return std::unexpected(image.error());
  const Expected<image::Accepted> accepted = image::acceptance(*image);
  if (!accepted) return std::unexpected(accepted.error());
  const text::Place output =
      flags.output ? text::place_of(*flags.output) : output_of(*filter, module->stem());
  if (const auto written = write(*image, output, name); !written) return written;

  const std::string module_sha256 = image::sha256(module->bytes);
  terminal::Terminal& terminal = environment.terminal;
  if (flags.json) {
    const nlohmann::ordered_json report{
        {"output", output.path().string()},
        {"digest", accepted->digest},
        {"kind", accepted->kind},
        {"bytes", image->size()},
        {"module", {{"sha256", module_sha256}, {"bytes", module->bytes.size()}}},
        {"annotations", options.annotations}};
    terminal.print(text::json_text(report));
    return {};
  }
  terminal.say("image",
               fmt::format("{}  {}, {} bytes", output.path().string(), accepted->kind, image->size()),
               terminal::Style::good);
  terminal.say("digest", accepted->digest);
  terminal.say("module", fmt::format("sha256:{}  {} bytes", module_sha256, module->bytes.size()));
  for (const auto& [key, value] : options.annotations) terminal.say("", key + "=" + value);
  terminal.say("next", fmt::format("wasmup push {} --from {}", name.empty() ? "HOST/NAME:TAG" : name,
                                   output.path().string()));
  return {};
}

}  // namespace

void add_image(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<ImageFlags>();
  CLI::App& command = *program.add_subcommand("image", "Pack a module as an image that Envoy Gateway loads");
  command.add_option("FILTER", flags->filter, "Folder, .cpp or .wasm file (default: this folder)")
      ->option_text(" ");
  command.add_option("-t,--tag", flags->tag, "What it will be called in a registry")->option_text("NAME:TAG");
  command
      .add_option("-o,--output", flags->output,
                  "A folder (OCI layout), or FILE.tar (default:\nbuild/NAME.oci)")
      ->option_text("PATH");
  command
      .add_option("--format", flags->format,
                  "image: one layer with /plugin.wasm (default);\nartifact: two layers, the module as it is")
      ->option_text("image|artifact")
      ->check(CLI::IsMember({"image", "artifact"}));
  command
      .add_option("--annotation", flags->annotations,
                  "source, revision, version, licenses, or any\nother (may be repeated; empty: take it away)")
      ->option_text("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_flag("--no-git", flags->no_git, "No annotations from git: the same digest at every\ncommit");
  command.add_flag("--json", flags->json, "Print what was made as JSON");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return make_image(*flags, environment); };
  });
}

}  // namespace wasmup::commands

// SPDX-License-Identifier: MIT
#include "registry_flags.hpp"

#include "gateway_world.hpp"

namespace wasmup::commands {

void add_registry_flags(CLI::App& command, RegistryFlags& flags) {
  command
      .add_option("--authfile", flags.authfile,
                  "Credentials, as skopeo login and docker login\nwrite them (default: where those do)")
      ->option_text("FILE");
  command
      .add_option("--ca", flags.ca,
                  "A certificate to trust, for a registry with an\nauthority of its own (PEM)")
      ->option_text("FILE");
  command.add_flag("--plain-http", flags.plain_http,
                   "Speak HTTP (without this: to this machine only,\nwhen there is no TLS)");
  command
      .add_option("--tool", flags.tool,
                  "skopeo, crane, oras, podman or docker (default: the\nfirst there is)")
      ->option_text("NAME");
}

Expected<registry::Options> registry_options(const RegistryFlags& flags, const registry::Reference& reference,
                                             const Environment& environment) {
  registry::Options options{.plain_http = flags.plain_http, .tool = flags.tool};
  auto credentials = registry::find_credentials(flags.authfile, environment.variable);
  if (!credentials) return std::unexpected(credentials.error());
  options.credentials = *std::move(credentials);
  if (!flags.authfile) {
    if (auto login = gateway_login(reference, environment)) options.credentials = *std::move(login);
  }
  if (flags.ca) options.authority = *flags.ca;
  return options;
}

}  // namespace wasmup::commands

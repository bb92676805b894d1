// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <utility>

namespace wasmup::gateway {

/// Where a gateway keeps what it has: all below one folder, which is gone when the gateway is.
class Layout {
 public:
  explicit Layout(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path lock() const { return folder_ / "lock"; }  ///< the supervisor's, for life
  std::filesystem::path settings() const { return folder_ / "settings.json"; }
  std::filesystem::path processes() const { return folder_ / "processes.json"; }
  std::filesystem::path objects() const { return folder_ / "objects.json"; }  ///< as they were applied
  std::filesystem::path objects_lock() const { return folder_ / "objects.lock"; }
  std::filesystem::path resources() const { return folder_ / "resources.yaml"; }  ///< what comes of them
  std::filesystem::path watched() const { return folder_ / "watched"; }  ///< the controller looks there
  std::filesystem::path published() const { return watched() / "resources.yaml"; }
  std::filesystem::path hosts() const { return folder_ / "hosts"; }
  std::filesystem::path root() const { return folder_ / "root"; }  ///< mount point of the private root
  std::filesystem::path home() const { return folder_ / "home"; }  ///< of every process
  std::filesystem::path controller_configuration() const { return folder_ / "controller.json"; }
  std::filesystem::path controller_folder(const std::string& name) const {
    return folder_ / "controller" / name;
  }
  std::filesystem::path certificates(const std::string& of) const {
    return controller_folder("config") / "certs" / of;
  }
  std::filesystem::path registry_configuration() const { return folder_ / "registry.json"; }
  std::filesystem::path registry_users() const { return folder_ / "registry-users"; }
  std::filesystem::path registry_login() const { return folder_ / "registry-login.json"; }
  std::filesystem::path registry_data() const { return folder_ / "registry"; }
  std::filesystem::path upstream_configuration() const { return folder_ / "upstream.json"; }
  std::filesystem::path proxies() const { return folder_ / "proxies"; }  ///< Envoys' arguments, a file each
  /// An Envoy's: what the controller would have it start with, and the socket where it can be administered.
  std::filesystem::path bootstrap(const std::string& proxy) const { return home() / (proxy + ".yaml"); }
  std::filesystem::path admin(const std::string& proxy) const { return home() / (proxy + ".admin"); }
  std::filesystem::path log(const std::string& of) const { return folder_ / "logs" / (of + ".log"); }

 private:
  std::filesystem::path folder_;
};

}  // namespace wasmup::gateway

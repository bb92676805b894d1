// SPDX-License-Identifier: MIT
#include "name_checks.hpp"

#include "../kubernetes/argument.hpp"

namespace wasmup::commands {

using kubernetes::Argument;

CLI::Validator object_name_check() {
  return {[](const std::string& text) { return Argument::name(text).problem(); }, ""};
}

CLI::Validator namespace_check() {
  return {[](const std::string& text) { return Argument::space(text).problem(); }, ""};
}

CLI::Validator context_check() {
  return {[](const std::string& text) { return Argument::context(text).problem(); }, ""};
}

}  // namespace wasmup::commands

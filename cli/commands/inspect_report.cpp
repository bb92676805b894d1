// SPDX-License-Identifier: MIT
#include "inspect_report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "../text/json_text.hpp"
#include "../text/visible.hpp"
#include "../wasm/callbacks.hpp"
#include "../wasm/signature_text.hpp"
#include "print_warnings.hpp"

namespace wasmup::commands {
namespace {

using nlohmann::json;
using wasm::Module;

bool is_wasi(const wasm::Import& import) { return import.module.starts_with("wasi"); }

std::vector<const wasm::Import*> imports(const Module& module, bool wasi) {
  std::vector<const wasm::Import*> found;
  for (const wasm::Import& import : module.imports) {
    if (is_wasi(import) == wasi) found.push_back(&import);
  }
  return found;
}

std::string_view name_of(wasm::Kind kind) {
  switch (kind) {
    case wasm::Kind::table:
      return "table";
    case wasm::Kind::memory:
      return "memory";
    case wasm::Kind::global:
      return "global";
    case wasm::Kind::tag:
      return "tag";
    case wasm::Kind::function:
      break;
  }
  return "function";
}

std::string type_of(const wasm::Import& import) {
  return import.kind == wasm::Kind::function ? wasm::shown(import.type) : std::string(name_of(import.kind));
}

/// The largest first.
std::vector<const wasm::Function*> largest(const Module& module, size_t most) {
  std::vector<const wasm::Function*> functions;
  functions.reserve(module.functions.size());
  for (const wasm::Function& function : module.functions) functions.push_back(&function);
  std::ranges::sort(functions, [](const wasm::Function* one, const wasm::Function* other) {
    return std::pair(other->size, one->index) < std::pair(one->size, other->index);
  });
  if (functions.size() > most) functions.resize(most);
  return functions;
}

unsigned entries_an_exchange(const Module& module) {
  unsigned sum = 0;
  for (const wasm::Callback& callback : wasm::callbacks_of(module)) sum += callback.entries_an_exchange;
  return sum;
}

/// What Envoy runs of it before the first callback.
std::vector<std::string> start_functions(const Module& module) {
  std::vector<std::string> found;
  if (module.has_start) found.emplace_back("the start section (calling the host from it crashes Envoy)");
  const auto exported = [&module](std::string_view name) {
    return std::ranges::any_of(module.exports, [name](const wasm::Export& one) {
      return one.kind == wasm::Kind::function && one.name == name;
    });
  };
  if (exported("_initialize")) {
    found.emplace_back("_initialize");
    for (const char* name : {"main", "__main_void"}) {
      if (exported(name)) {
        found.emplace_back(name);
        break;
      }
    }
  } else if (exported("_start")) {
    found.emplace_back("_start");
  }
  return found;
}

/// Two columns, the first as wide as it needs to be. A name that is longer than people give makes no other
/// row longer: a module may have many rows.
class Rows {
 public:
  /// Names are anybody's.
  void add(std::string_view left, std::string right) {
    rows_.emplace_back(text::visible(left), std::move(right));
  }
  /// "none" without any.
  std::vector<std::string> lines() const {
    size_t column = 0;
    for (const auto& [left, right] : rows_) {
      if (text::width(left) <= widest) column = std::max(column, text::width(left));
    }
    std::vector<std::string> lines;
    for (const auto& [left, right] : rows_) {
      const size_t width = text::width(left);
      lines.push_back(fmt::format("{}{:{}}  {}", left, "", column - std::min(column, width), right));
    }
    return lines.empty() ? std::vector<std::string>{"none"} : lines;
  }

 private:
  static constexpr size_t widest = 200;
  std::vector<std::pair<std::string, std::string>> rows_;
};

std::string memory_text(const wasm::Memory& memory) {
  constexpr uint64_t page_kib = 64;
  std::string text = fmt::format("{} {} at first ({} KiB), ", memory.initial,
                                 memory.initial == 1 ? "page" : "pages", memory.initial * page_kib);
  text += memory.maximum ? fmt::format("{} at most", *memory.maximum) : "no maximum";
  if (memory.is_shared) text += ", shared";
  if (memory.is_64) text += ", 64-bit";
  return text;
}

std::string stack_text(const Module& module) {
  if (!module.stack_top) return "none in memory of clang's kind";
  if (!module.data_start)
    return fmt::format("below {}, with no data that it could overwrite", *module.stack_top);
  const bool first = *module.stack_top <= *module.data_start;
  return first ? fmt::format("{} bytes, below the data: one that grows too large traps", *module.stack_top)
               : fmt::format("below {}, above the data", *module.stack_top);
}

std::string root_id_text(const wasm::RootIds& ids) {
  if (!ids.names.empty()) {
    return fmt::format("{}{}", fmt::join(ids.names, ", "), ids.serves_others ? ", or any other" : "");
  }
  return ids.is_asked_for ? "it asks Envoy for its own, and may know only some"
                          : "any: it does not ask for it";
}

terminal::Lines import_rows(const Module& module, bool wasi) {
  Rows rows;
  for (const wasm::Import* import : imports(module, wasi)) {
    rows.add(import->module + "." + import->name, type_of(*import));
  }
  return rows.lines();
}

terminal::Lines section_rows(const Module& module, bool custom) {
  Rows rows;
  for (const wasm::Section& section : module.sections) {
    if (section.is_custom == custom) rows.add(section.name, fmt::format("{:>8} bytes", section.size));
  }
  return rows.lines();
}

std::string name_of(const wasm::Function& function) {
  return function.name.empty() ? fmt::format("function {}", function.index) : function.name;
}

void print_module(terminal::Terminal& terminal, const Module& module, const wasm::RootIds& root_ids,
                  size_t most_functions) {
  const auto version = wasm::abi_version_of(module);
  terminal.say("abi", version ? to_string(*version) : "none that Envoy knows");
  Rows callbacks;
  for (const wasm::Callback& callback : wasm::callbacks_of(module)) {
    callbacks.add(callback.name, std::string(callback.entered));
  }
  terminal.say("callbacks", callbacks.lines());
  if (!wasm::filters_connections(module)) {
    terminal.say("entries", fmt::format("{} into the VM for a GET whose response has a body in one piece",
                                        entries_an_exchange(module)));
  }
  terminal.say("hostcalls", import_rows(module, false));
  terminal.say("wasi", import_rows(module, true));
  const auto starts = start_functions(module);
  terminal.say("start", starts.empty() ? "nothing runs before the first callback"
                                       : fmt::format("{}", fmt::join(starts, ", then ")));
  terminal.say("root id", root_id_text(root_ids));
  for (const wasm::Memory& memory : module.memories) terminal.say("memory", memory_text(memory));
  terminal.say("stack", stack_text(module));
  terminal.say("sections", section_rows(module, false));
  terminal.say("custom", section_rows(module, true));
  Rows functions;
  for (const wasm::Function* function : largest(module, most_functions)) {
    functions.add(name_of(*function), fmt::format("{:>8} bytes", function->size));
  }
  std::vector<std::string> lines = functions.lines();
  lines.insert(lines.begin(), fmt::format("{} in all; the largest:", module.functions.size()));
  terminal.say("functions", lines);
}

json to_json(const wasm::Import& import) {
  return {
      {"module", import.module}, {"name", import.name}, {"type", type_of(import)}, {"offset", import.offset}};
}

json to_json(const wasm::Memory& memory) {
  return {{"initial_pages", memory.initial},
          {"maximum_pages", memory.maximum ? json(*memory.maximum) : json()},
          {"shared", memory.is_shared},
          {"64_bit", memory.is_64}};
}

void add_module(json& report, const Module& module, const wasm::RootIds& root_ids, size_t most_functions) {
  const auto version = wasm::abi_version_of(module);
  report["abi"] = version ? json(to_string(*version)) : json();
  for (const wasm::Callback& callback : wasm::callbacks_of(module)) {
    report["callbacks"].push_back({{"name", callback.name}, {"entered", callback.entered}});
  }
  report["vm_entries_an_exchange"] = entries_an_exchange(module);
  for (const wasm::Import* import : imports(module, false)) report["hostcalls"].push_back(to_json(*import));
  for (const wasm::Import* import : imports(module, true)) report["wasi"].push_back(to_json(*import));
  report["start"] = start_functions(module);
  report["root_ids"] = {{"names", root_ids.names},
                        {"serves_others", root_ids.serves_others},
                        {"asks_for_its_own", root_ids.is_asked_for}};
  for (const wasm::Memory& memory : module.memories) report["memories"].push_back(to_json(memory));
  report["stack"] = {{"top", module.stack_top ? json(*module.stack_top) : json()},
                     {"data_start", module.data_start ? json(*module.data_start) : json()}};
  for (const wasm::Section& section : module.sections) {
    report["sections"].push_back({{"name", section.name},
                                  {"custom", section.is_custom},
                                  {"offset", section.offset},
                                  {"bytes", section.size}});
  }
  for (const wasm::Function* function : largest(module, most_functions)) {
    report["functions"].push_back({{"index", function->index},
                                   {"name", function->name},
                                   {"type", wasm::shown(function->type)},
                                   {"offset", function->offset},
                                   {"bytes", function->size}});
  }
}

json to_json(const wasm::Finding& finding) {
  return {{"severity", finding.severity == wasm::Severity::refusal ? "refusal" : "warning"},
          {"seen", finding.seen},
          {"cure", finding.cure},
          {"offset", finding.offset ? json(*finding.offset) : json()}};
}

}  // namespace

void print_inspection(terminal::Terminal& terminal, const Inspected& inspected, size_t most_functions) {
  terminal.say("module", fmt::format("{}  {} bytes", inspected.name, inspected.bytes));
  const wasm::Examination& examination = inspected.examination;
  if (examination.module) print_module(terminal, *examination.module, inspected.root_ids, most_functions);
  print_warnings(terminal, examination);
  if (examination.loads())
    terminal.say("verdict", fmt::format("loads in Envoy {}", examination.envoy), terminal::Style::good);
}

std::string to_json(const Inspected& inspected, size_t most_functions) {
  json report{{"file", inspected.name}, {"bytes", inspected.bytes}};
  const wasm::Examination& examination = inspected.examination;
  report["envoy"] = examination.envoy;
  report["verdict"] = examination.loads() ? "loads" : "refused";
  for (const char* list :
       {"callbacks", "hostcalls", "wasi", "memories", "sections", "functions", "findings"}) {
    report[list] = json::array();
  }
  if (examination.module) add_module(report, *examination.module, inspected.root_ids, most_functions);
  for (const wasm::Finding& finding : examination.findings) report["findings"].push_back(to_json(finding));
  // A module's names need not be text.
  return text::json_text(report);
}

}  // namespace wasmup::commands

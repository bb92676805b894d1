// SPDX-License-Identifier: MIT
#include "assemble.hpp"

#include <memory>
#include <stdexcept>
#include <wabt/binary-writer.h>
#include <wabt/error.h>
#include <wabt/feature.h>
#include <wabt/ir.h>
#include <wabt/stream.h>
#include <wabt/wast-lexer.h>
#include <wabt/wast-parser.h>

namespace wasmup::wasm {

std::string assemble(std::string_view text) {
  wabt::Errors errors;
  wabt::Features features;
  features.EnableAll();
  wabt::WastParseOptions options(features);
  const std::unique_ptr<wabt::WastLexer> lexer =
      wabt::WastLexer::CreateBufferLexer("text", text.data(), text.size(), &errors);
  std::unique_ptr<wabt::Module> module;
  if (wabt::Failed(wabt::ParseWatModule(lexer.get(), &module, &errors, &options))) {
    const wabt::Error& error = errors.front();
    throw std::invalid_argument(std::to_string(error.loc.line) + ":" +
                                std::to_string(error.loc.first_column) + ": " + error.message);
  }
  wabt::MemoryStream stream;
  if (wabt::Failed(wabt::WriteBinaryModule(&stream, module.get(),
                                           wabt::WriteBinaryOptions(features, false, false, false)))) {
    throw std::invalid_argument("the module cannot be written");
  }
  const auto& bytes = stream.output_buffer().data;
  return std::string(bytes.begin(), bytes.end());
}

}  // namespace wasmup::wasm

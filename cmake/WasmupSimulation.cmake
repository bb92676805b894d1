# wasmup_add_simulation(NAME CONFIGURATION text-or-file [ALLOW_ON_HEADERS_STOP_ITERATION] SOURCES file...): a filter in
# made-up traffic, as docs/simulation.md has it. wasmup_add_filter calls it for each filter unless WASMUP_SIMULATION is off.
#
#   NAME_native_simulation     the source in the fake host     ctest native/NAME.simulation   label "simulation"
#   NAME_module_simulation     the built module                ctest module/NAME.simulation   label "simulation"
#
# Each plays for a second in the everyday run; WASMUP_SIMULATE_SECONDS says otherwise, as a variable of CMake or of
# the environment.

option(WASMUP_SIMULATION "Play each filter in simulations, among its tests" ON)

# All simulations share the program around a filter, and the one that plays any module.
function(wasmup_add_simulator)
  if(NOT TARGET wasmup_simulation_main)
    wasmup_find_neighbours()
    set(folder "${WASMUP_DATA_DIR}/testing/simulation")
    add_library(wasmup_simulation_main OBJECT EXCLUDE_FROM_ALL "${folder}/main.cpp")
    target_link_libraries(wasmup_simulation_main PUBLIC wasmup_testing)
    wasmup_compile_options(wasmup_simulation_main)
    add_executable(wasmup_module_simulation EXCLUDE_FROM_ALL "${folder}/module_path_given.cpp")
    target_link_libraries(wasmup_module_simulation PRIVATE wasmup_simulation_main wasmup_testing_module)
    wasmup_compile_options(wasmup_module_simulation)
  endif()
endfunction()

function(wasmup_add_simulation name)
  cmake_parse_arguments(ARG "ALLOW_ON_HEADERS_STOP_ITERATION" "CONFIGURATION" "SOURCES" ${ARGN})
  wasmup_add_testing()
  wasmup_add_simulator()
  # A configuration is a file of the filter's folder, or a text. These two files need not be named.
  foreach(file IN ITEMS simulation.configuration config.json)
    if("${ARG_CONFIGURATION}" STREQUAL "" AND EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
      set(ARG_CONFIGURATION ${file})
    endif()
  endforeach()
  if(NOT "${ARG_CONFIGURATION}" STREQUAL "" AND EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${ARG_CONFIGURATION}")
    set(configuration "${CMAKE_CURRENT_SOURCE_DIR}/${ARG_CONFIGURATION}")
  else()
    set(configuration "${CMAKE_CURRENT_BINARY_DIR}/${name}.configuration")
    file(WRITE "${configuration}" "${ARG_CONFIGURATION}")
  endif()
  set(arguments --configuration "${configuration}")
  if(ARG_ALLOW_ON_HEADERS_STOP_ITERATION)
    list(APPEND arguments --allow-on-headers-stop-iteration yes)
  endif()
  set(environment "")
  if(WASMUP_SIMULATE_SECONDS)
    set(environment ENVIRONMENT "WASMUP_SIMULATE_SECONDS=${WASMUP_SIMULATE_SECONDS}")
  endif()

  add_executable(${name}_native_simulation ${ARG_SOURCES})
  target_link_libraries(${name}_native_simulation PRIVATE wasmup_simulation_main wasmup_testing_native)
  wasmup_compile_options(${name}_native_simulation)
  add_test(NAME "native/${name}.simulation"
           COMMAND ${name}_native_simulation --name "native/${name}" ${arguments})

  add_custom_target(${name}_module_simulation ALL)
  add_dependencies(${name}_module_simulation wasmup_module_simulation ${name}_module)
  get_target_property(module ${name}_module WASMUP_MODULE)
  add_test(NAME "module/${name}.simulation"
           COMMAND wasmup_module_simulation --name "module/${name}" --module "${module}" ${arguments})
  set_tests_properties("native/${name}.simulation" "module/${name}.simulation"
                       PROPERTIES LABELS simulation ${environment})
endfunction()

package dev.arcticsynth.task;

/// What makes several calls one: the same owner said the same key to the same route.
///
/// @param route the path as a template, `/v1/tasks/{name}/cancel` say
public record CallKey(String owner, String method, String route, String key) {}

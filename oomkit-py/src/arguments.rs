//! Python functions with many keyword arguments: those that several share arrive in one struct.

use pyo3::prelude::*;
use pyo3::types::PyString;

/// What may be left out: anything.
pub(crate) type Argument<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// One string or several.
pub(crate) fn strings(given: Argument<'_, '_>) -> PyResult<Vec<String>> {
    match given {
        None => Ok(Vec::new()),
        Some(one) if one.is_instance_of::<PyString>() => Ok(vec![one.extract()?]),
        Some(many) => many.try_iter()?.map(|string| string?.extract()).collect(),
    }
}

/// Defines a function of the module. The names, types and defaults are those that Python sees.
///
/// `args: ParserArgs` stands for the options of a parser. `sources(pods, …)` are what a measure is taken of, `rows by "pod"`
/// the options that choose its rows; the body has them as `sources` and `rows`.
macro_rules! function {
    (
        $(#[$doc:meta])*
        fn $name:ident($py:ident, $first:ident: $first_type:ty, $args:ident: ParserArgs $(, $own:ident: $type:ty = $default:tt)*)
        -> $result:ty $body:block
    ) => {
        $crate::arguments::function! {
            @define [$(#[$doc])*] $name ($py, [$first, /,] [$first: $first_type], [
                $($own: [$type] = $default,)*
                format: [&str] = "auto",
                year: [$crate::arguments::Argument<'_, 'py>] = None,
                timezone: [Option<&str>] = None,
                include_user: [bool] = false,
                reference_time: [$crate::arguments::Argument<'_, 'py>] = None,
                companions: [bool] = false,
                dedupe: [bool] = false,
                pods: [$crate::arguments::Argument<'_, 'py>] = None,
                nodes: [$crate::arguments::Argument<'_, 'py>] = None,
            ]) -> $result {
                let $args = $crate::options::ParserArgs {
                    format, year, timezone, include_user, reference_time, companions, dedupe, pods, nodes,
                };
                $body
            }
        }
    };
    (
        $(#[$doc:meta])*
        fn $name:ident(
            $py:ident, $first:ident: $first_type:ty = $first_default:tt, $sources:ident($($source:ident),+),
            $($own:ident: $type:ty = $default:tt),+ $(,)?
        )
        -> $result:ty $body:block
    ) => {
        $crate::arguments::function! {
            @define [$(#[$doc])*] $name ($py, [$first = $first_default,] [$first: $first_type], [
                $($source: [$crate::arguments::Argument<'_, 'py>] = None,)+
                $($own: [$type] = $default,)*
            ]) -> $result {
                let $sources = $crate::resources::sources::SourceArgs { $($source),+ };
                $body
            }
        }
    };
    (
        $(#[$doc:meta])*
        fn $name:ident(
            $py:ident, $sources:ident($($source:ident),+),
            $($own:ident: $type:ty = $default:tt),+ $(,)?
        )
        -> $result:ty $body:block
    ) => {
        $crate::arguments::function! {
            @define [$(#[$doc])*] $name ($py, [] [], [
                $($source: [$crate::arguments::Argument<'_, 'py>] = None,)+
                $($own: [$type] = $default,)*
            ]) -> $result {
                let $sources = $crate::resources::sources::SourceArgs { $($source,)+ ..Default::default() };
                $body
            }
        }
    };
    (
        $(#[$doc:meta])*
        fn $name:ident($py:ident, $sources:ident($($source:ident),+), $rows:ident by $by:tt $(, $own:ident: $type:ty = $default:tt)* $(,)?)
        -> $result:ty $body:block
    ) => {
        $crate::arguments::function! {
            @define [$(#[$doc])*] $name ($py, [] [], [
                $($source: [$crate::arguments::Argument<'_, 'py>] = None,)+
                $($own: [$type] = $default,)*
                by: [&str] = $by,
                top: [Option<usize>] = 10,
                threshold: [$crate::arguments::Argument<'_, 'py>] = None,
                namespace: [$crate::arguments::Argument<'_, 'py>] = None,
                exclude_namespace: [$crate::arguments::Argument<'_, 'py>] = None,
            ]) -> $result {
                let $sources = $crate::resources::sources::SourceArgs { $($source,)+ };
                let $rows = $crate::resources::rows::RowArgs { by, top, threshold, namespace, exclude_namespace };
                $body
            }
        }
    };
    (
        // types are tokens, so that pyo3 sees which are `Option`
        @define [$(#[$doc:meta])*] $name:ident (
            $py:ident, [$($positional:tt)*] [$($first:ident: $first_type:ty)?], [$($arg:ident: [$($type:tt)+] = $default:tt,)+]
        ) -> $result:ty $body:block
    ) => {
        $(#[$doc])*
        #[pyo3::pyfunction]
        #[expect(clippy::too_many_arguments, reason = "the arguments that Python names")]
        #[pyo3(signature = ($($positional)* *, $($arg = $default),+))]
        pub(crate) fn $name<'py>(
            $py: pyo3::Python<'py>,
            $($first: $first_type,)?
            $($arg: $($type)+,)+
        ) -> $result $body
    };
}
pub(crate) use function;

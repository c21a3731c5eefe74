//! `#[derive(Reflect)]`: lists the fields of a struct with their documentation, as serde names them. Only for
//! `oomkit-core`, whose module `reflect` has the traits.

#![forbid(unsafe_code)]

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Error, Expr, ExprLit, Fields, Lit, LitStr, Meta, parse_macro_input};

/// Implements `Reflect` and `Struct` of `oomkit_core::reflect`.
///
/// `#[serde(flatten)]` puts the fields of the inner struct in place of the field, `#[serde(skip)]` leaves it out,
/// `#[serde(rename = "…")]` names it.
#[proc_macro_derive(Reflect)]
pub fn reflect(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    implementation(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

fn implementation(input: &DeriveInput) -> Result<TokenStream, Error> {
    let Data::Struct(data) = &input.data else { return Err(Error::new_spanned(input, "Reflect is for structs")) };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(input, "Reflect is for structs whose fields have names"));
    };
    let (mut list, mut arms, mut flattened) = (Vec::new(), Vec::new(), Vec::new());
    for field in &fields.named {
        let (ident, kind, doc, serde) = (&field.ident, &field.ty, doc(&field.attrs), Serde::of(&field.attrs)?);
        if serde.skip {
            continue;
        }
        if serde.flatten {
            list.push(quote! { fields.extend(<#kind as crate::reflect::Struct>::fields()); });
            flattened.push(quote! { .or_else(|| crate::reflect::Struct::field(&self.#ident, name)) });
            continue;
        }
        let name = serde.rename.unwrap_or_else(|| ident.as_ref().map(ToString::to_string).unwrap_or_default());
        list.push(quote! {
            let of = <#kind as crate::reflect::Reflect>::type_of();
            fields.push(crate::reflect::Field { name: #name, doc: #doc, of });
        });
        arms.push(quote! { #name => Some(crate::reflect::Reflect::value(&self.#ident)), });
    }
    let (name, doc) = (&input.ident, doc(&input.attrs));
    Ok(quote! {
        impl crate::reflect::Reflect for #name {
            fn type_of() -> crate::reflect::Type {
                crate::reflect::Type::Struct(std::any::TypeId::of::<Self>())
            }

            fn value(&self) -> crate::reflect::Value<'_> {
                crate::reflect::Value::Struct(self)
            }
        }

        impl crate::reflect::Struct for #name {
            const DOC: &'static str = #doc;

            fn fields() -> Vec<crate::reflect::Field> {
                let mut fields = Vec::new();
                #(#list)*
                fields
            }

            fn field(&self, name: &str) -> Option<crate::reflect::Value<'_>> {
                match name {
                    #(#arms)*
                    _ => None #(#flattened)*,
                }
            }
        }
    })
}

/// Lines of a doc comment, without the space that each begins with.
fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => Some(line.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What serde makes of a field.
#[derive(Default)]
struct Serde {
    flatten: bool,
    skip: bool,
    rename: Option<String>,
}

impl Serde {
    fn of(attributes: &[Attribute]) -> Result<Self, Error> {
        let mut serde = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                serde.flatten |= meta.path.is_ident("flatten");
                serde.skip |= meta.path.is_ident("skip");
                if let Ok(value) = meta.value() {
                    let value: LitStr = value.parse()?;
                    if meta.path.is_ident("rename") {
                        serde.rename = Some(value.value());
                    }
                }
                Ok(())
            })?;
        }
        Ok(serde)
    }
}

//! Whether templates can be rendered at all: each parses, and names only partials that are there.

use crate::domain::workflow::{Fault, SourceFile};
use handlebars::Template;
use handlebars::template::{DecoratorTemplate, HelperTemplate, Parameter, TemplateElement};

/// Every fault in the `.hbs` files among `files`; a partial is named as another file is found: `parts/footer`.
pub fn template_faults(files: &[SourceFile]) -> Vec<Fault> {
    let templates = files.iter().filter(|file| file.file.ends_with(".hbs"));
    templates.flat_map(|file| faults_of(file, files)).collect()
}

fn faults_of(file: &SourceFile, files: &[SourceFile]) -> Vec<Fault> {
    let template = match Template::compile(&file.text) {
        Ok(template) => template,
        Err(error) => {
            let place = error.pos();
            let number = |value: usize| u32::try_from(value).ok();
            let message = format!("this is not a Handlebars template: {}", error.reason());
            return vec![Fault {
                line: place.and_then(|(line, _)| number(line)),
                column: place.and_then(|(_, column)| number(column)),
                ..Fault::of_file(&file.file, "template-syntax", message)
            }];
        }
    };
    let mut named = Vec::new();
    let mut inline = Vec::new();
    partials(&template, &mut named, &mut inline);
    // What a part names without a folder is a slot that whoever uses the part fills.
    let slot = |name: &str| file.name.starts_with("parts/") && !name.contains('/');
    named.retain(|name| !inline.contains(name) && !slot(name) && !files.iter().any(|known| is_called(known, name)));
    named.sort();
    named.dedup();
    let missing = |name: String| Fault::of_file(&file.file, "unknown-partial", format!("there is no partial `{name}`"));
    named.into_iter().map(missing).collect()
}

/// Parts of pages are named by their place below `parts`.
fn is_called(known: &SourceFile, name: &str) -> bool {
    known.name == name || known.name.strip_prefix("parts/") == Some(name)
}

/// The partials a template names, and those it defines itself.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is text and comments; the library may add more")]
fn partials(template: &Template, named: &mut Vec<String>, inline: &mut Vec<String>) {
    for element in &template.elements {
        match element {
            TemplateElement::PartialExpression(partial) | TemplateElement::PartialBlock(partial) => {
                named.extend(literal(&partial.name).filter(|name| name != "@partial-block"));
                inside(partial, named, inline);
            }
            TemplateElement::DecoratorExpression(decorator) | TemplateElement::DecoratorBlock(decorator) => {
                inline.extend(decorator.params.first().and_then(literal));
                inside(decorator, named, inline);
            }
            TemplateElement::HtmlExpression(helper)
            | TemplateElement::Expression(helper)
            | TemplateElement::HelperBlock(helper) => branches(helper, named, inline),
            _ => {}
        }
    }
}

fn inside(decorator: &DecoratorTemplate, named: &mut Vec<String>, inline: &mut Vec<String>) {
    if let Some(template) = &decorator.template {
        partials(template, named, inline);
    }
}

fn branches(helper: &HelperTemplate, named: &mut Vec<String>, inline: &mut Vec<String>) {
    for template in helper.template.iter().chain(&helper.inverse) {
        partials(template, named, inline);
    }
}

/// The name where it is written out; a computed one is only known when rendering.
fn literal(name: &Parameter) -> Option<String> {
    let quoted = if let Parameter::Literal(value) = name { value.as_str() } else { None };
    name.as_name().or(quoted).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(files: &[(&str, &str)]) -> Vec<&'static str> {
        let file = |(name, text): &(&str, &str)| SourceFile {
            file: format!("templates/{name}.hbs"),
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        };
        let files: Vec<SourceFile> = files.iter().map(file).collect();
        template_faults(&files).iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn a_template_parses_and_names_partials_that_exist() {
        let whole = "{{#if a}}{{> parts/foot}}{{else}}{{b}}{{/if}}{{#*inline \"own\"}}x{{/inline}}{{> own}}";
        assert_eq!(codes(&[("letters/a", whole), ("parts/foot", "bye")]), Vec::<&str>::new());
        assert_eq!(codes(&[("letters/a", whole)]), ["unknown-partial"]);
        assert_eq!(codes(&[("letters/a", "Dear {{name}\n{{#if}}")]), ["template-syntax"]);
    }
}

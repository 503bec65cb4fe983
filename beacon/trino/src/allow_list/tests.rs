use super::*;

#[test]
fn every_form_of_a_scalar_function_can_be_read() {
    for function in functions().filter(|function| function.kind == Kind::Scalar) {
        let read = signatures(function.name).len();
        assert_eq!(read, function.forms.len(), "{}", function.name);
    }
}

#[test]
fn no_name_stands_twice() {
    assert_eq!(BY_NAME.len(), functions().count());
}

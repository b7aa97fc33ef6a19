use super::*;

#[test]
fn images_are_parts_or_elsewhere() {
    let document = Document::parse(
        "![a *b*\n`c` [d](e)](cid:3@local.invalid 't') ![](https://spy.example/1.png) ![x](data:image/png,a) \
         ![o ![i](https://in.example)](https://out.example)",
    );
    let found: String = document
        .images()
        .map(|image| match &image.source {
            ImageSource::Part(index) => {
                format!("part {index} | {} | {}\n", image.title, image.alt)
            }
            ImageSource::Elsewhere(url) => format!("{url} | {} | {}\n", image.title, image.alt),
        })
        .collect();
    assert_snapshot!(found, @r"
    part 3 | t | a b c d
    https://spy.example/1.png |  | 
    data:image/png,a |  | x
    https://out.example |  | o i
    ");
    // Links within descriptions are not shown.
    assert_eq!(document.links().count(), 0);
}

#[test]
fn a_picture_can_be_the_text_of_a_link() {
    let link = only_link("[see ![the chart](cid:1@local.invalid)](cid:2@local.invalid)");
    assert_eq!(link.text, "see the chart");
    assert_eq!(link.part(), Some(2));
}

#[test]
fn references_to_parts_have_one_form() {
    for index in [0, 1, 10, 1023, u16::MAX] {
        assert_eq!(cid::part_index(&cid::part_uri(index)), Some(index));
    }
    for uri in [
        "",
        "cid:@local.invalid",
        "cid:00@local.invalid",
        "cid:01@local.invalid",
        "cid:+1@local.invalid",
        "cid:-1@local.invalid",
        "cid: 1@local.invalid",
        "cid:1 @local.invalid",
        "cid:1a@local.invalid",
        "cid:0x1@local.invalid",
        "cid:0a@local.invalid",
        "cid:65536@local.invalid",
        "cid:99999999999999999999@local.invalid",
        "cid:\u{661}@local.invalid",
        "CID:1@local.invalid",
        "cid:1@LOCAL.invalid",
        "cid:1%40local.invalid",
        "cid:1@local.invalid.",
        "cid:1@local.invalid?",
        "cid://1@local.invalid",
        "cid:1@evil.example",
        "mid:1@local.invalid",
        " cid:1@local.invalid",
    ] {
        assert_eq!(cid::part_index(uri), None, "{uri:?}");
    }
}

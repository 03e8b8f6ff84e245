"""Every kind of document goes in and comes out; what is broken or a trap is told."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pypdf
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from odf.draw import Frame, TextBox
from odf.draw import Page as Slide
from odf.opendocument import OpenDocumentPresentation, OpenDocumentText, load
from odf.style import MasterPage, PageLayout
from odf.text import A, H, Note, NoteBody, NoteCitation, P, Span

from models.conversation import Translate, answer
from models.documents import FORMATS, Limits, translated
from models.errors import DocumentError
from models.languages import Language

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORDS = {
    "Он купил красную машину вчера.": "Yesterday he bought a red car.",
    "красную машину": "red car",
}


def loud(texts: list[str], _: Language = Language.RU) -> list[str]:
    return [WORDS.get(text, text.upper()) for text in texts]


def put(
    data: bytes,
    extension: str,
    translate: Translate = loud,
    **options: Any,
) -> bytes:
    target = io.BytesIO()
    answer(translated(io.BytesIO(data), target, extension, **options), translate, Language.RU)
    return target.getvalue()


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def word(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def archive(**entries: bytes | str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            made.writestr(name.replace("__", "/").replace("_", "."), data)
    return file.getvalue()


# Text -----------------------------------------------------------------------------------------


def test_text_keeps_every_space_and_line() -> None:
    text = "\n  Раз два.  Три\tчетыре.\n\n\n— Пять?\n" * 2_000
    assert put(text.encode(), ".txt").decode() == text.upper()


def test_text_in_utf_16_is_read_and_in_other_encodings_refused() -> None:
    assert put("Да.".encode("utf-16"), ".TXT").decode() == "ДА."
    with pytest.raises(DocumentError, match="UTF-8"):
        put("Да.".encode("cp1251"), ".txt")


def test_words_a_page_cannot_hold_are_written_as_references() -> None:
    page = '<meta charset="windows-1251"><p>Да</p>'.encode("cp1251")
    made = put(
        page, ".html", lambda *_: ["Є → x"], decode=lambda data: (data.decode("cp1251"), "cp1251")
    )
    assert made.decode("cp1251") == '<meta charset="windows-1251"><p>Є &#8594; x</p>'


# Subtitles ------------------------------------------------------------------------------------


def test_subtitles_keep_numbers_times_and_lines() -> None:
    source = (
        "\ufeff1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>Он пришёл\r\nдомой.</i>\r\n\r\n"
        "2\r\n00:00:03,000 --> 00:00:04,000\r\n- Да?\r\n- Нет!\r\n\r\n"
        "3\r\n00:00:05,000 --> 00:00:06,000\r\n{\\an8}Мы ехали долго\r\n\r\n"
        "4\r\n00:00:07,000 --> 00:00:08,000\r\nи приехали.\r\n"
    )
    made = put(source.encode(), ".srt").decode()
    assert made == (
        "1\n00:00:01,000 --> 00:00:02,000\n<i>ОН ПРИШЁЛ\nДОМОЙ.</i>\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\n- ДА?\n- НЕТ!\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\n{\\an8}МЫ ЕХАЛИ ДОЛГО\n\n"
        "4\n00:00:07,000 --> 00:00:08,000\nИ ПРИЕХАЛИ.\n"
    )


def test_a_sentence_over_two_subtitles_is_translated_whole() -> None:
    asked: list[str] = []

    def note(texts: list[str], _: Language) -> list[str]:
        asked.extend(texts)
        return loud(texts)

    source = "1\n0 --> 1\nМы ехали долго,\n\n2\n1 --> 2\nно приехали.\n"
    put(source.encode(), ".srt", note)
    assert asked == ["Мы ехали долго, но приехали."]


def test_no_subtitle_of_a_sentence_is_left_without_words() -> None:
    source = "1\n0 --> 1\nМы ехали очень-очень долго,\n\n2\n1 --> 2\nно\n\n3\n2 --> 3\nприехали.\n"
    made = put(source.encode(), ".srt", lambda texts, _: ["We got there after long."] * len(texts))
    shown = [cue.split("\n")[2] for cue in made.decode().split("\n\n")]
    assert " ".join(shown) == "We got there after long."
    assert all(shown)


def test_bad_times_are_kept_and_no_subtitles_are_told() -> None:
    source = "1\n00:99:01,000 --> yesterday\nДа.\n\n1\n00:00:05,000 --> 00:00:01,000\nНет.\n"
    assert put(source.encode(), ".srt").decode() == source.replace("Да", "ДА").replace("Нет", "НЕТ")
    with pytest.raises(DocumentError, match="No subtitle"):
        put("Просто текст.".encode(), ".srt")


# Word and PowerPoint --------------------------------------------------------------------------


def test_words_keep_their_format_where_their_order_changes() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Он купил ", style="List Bullet")
    paragraph.add_run("красную машину").bold = True
    paragraph.add_run(" вчера.")
    made = word(put(saved(document), ".docx")).paragraphs[0]
    assert [(run.text, run.bold) for run in made.runs] == [
        ("Yesterday he bought a ", None),
        ("red car", True),
        (".", None),
    ]
    assert made.style.name == "List Bullet"


def test_runs_cut_for_no_reason_are_read_as_one() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in ("Он ку", "пил красную ", "маш", "ину вчера."):
        paragraph.add_run(piece)
    assert (
        word(put(saved(document), ".docx")).paragraphs[0].text == "Yesterday he bought a red car."
    )


def test_all_places_of_a_word_document_are_translated() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Верх"
    document.sections[0].footer.paragraphs[0].text = "Низ"
    table = document.add_table(1, 1)
    table.cell(0, 0).text = "Ячейка"
    table.cell(0, 0).add_table(1, 1).cell(0, 0).text = "Внутри"
    run = document.add_paragraph().add_run("Раз")
    run.add_tab()
    run.add_text("два")
    run.add_break(WD_BREAK.PAGE)
    run.add_text("три")
    box = f"""<w:r xmlns:w="{W}"><w:pict><w:txbxContent><w:p><w:r><w:t>Рамка</w:t></w:r></w:p>
    </w:txbxContent></w:pict></w:r>"""
    document.add_paragraph("До рамки")._p.append(parse_xml(box))
    made = word(put(saved(document), ".docx"))
    xml = made.element.xml
    assert made.sections[0].header.paragraphs[0].text == "ВЕРХ"
    assert made.sections[0].footer.paragraphs[0].text == "НИЗ"
    assert made.tables[0].cell(0, 0).text.startswith("ЯЧЕЙКА")
    assert all(each in xml for each in ("ВНУТРИ", "РАМКА", "ДО РАМКИ"))
    assert made.paragraphs[0].text == "РАЗ\tДВАТРИ"  # a page break is no text
    assert xml.count('w:type="page"') == xml.count("w:pict>") // 2 == 1


def test_links_fields_and_notes_stay() -> None:
    document = docx.Document()
    inside = f"""<w:p xmlns:w="{W}" xmlns:r="urn:r">
    <w:r><w:t xml:space="preserve">Смотри </w:t></w:r>
    <w:hyperlink r:id="rId9"><w:r><w:rPr><w:u/></w:rPr><w:t>тут</w:t></w:r></w:hyperlink>
    <w:r><w:t xml:space="preserve">, </w:t></w:r>
    <w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>
    <w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>12</w:t></w:r>
    <w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> слово</w:t></w:r>
    <w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>.</w:t></w:r>
    <w:del><w:r><w:delText>лишнее</w:delText></w:r></w:del></w:p>"""
    document.element.body.insert(0, parse_xml(inside))
    made = word(put(saved(document), ".docx")).element.body[0]
    names = [each.tag.rpartition("}")[2] for each in made]
    assert names.count("hyperlink") == names.count("del") == 1
    assert made.xpath("string(w:hyperlink)") == "ТУТ"
    kinds = [each.get(f"{{{W}}}fldCharType") for each in made.iter(f"{{{W}}}fldChar")]
    assert kinds == ["begin", "separate", "end"]
    assert made.xpath("string(.//w:instrText)") == " PAGE "
    assert "".join(made.xpath(".//w:t/text()")) == "СМОТРИ ТУТ, 12 СЛОВО."
    assert len(made.xpath(".//w:footnoteReference")) == 1


def test_what_is_not_words_is_copied_byte_for_byte() -> None:
    picture = bytes(range(256)) * 10
    source = archive(word__document_xml=f'<w:document xmlns:w="{W}"/>', word__media__a_png=picture)
    with zipfile.ZipFile(io.BytesIO(put(source, ".docx"))) as made:
        assert made.namelist() == ["word/document.xml", "word/media/a.png"]
        assert made.read("word/media/a.png") == picture


def test_slides_are_translated() -> None:
    space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    slide = f"""<p {space}><a:p><a:pPr/><a:r><a:rPr lang="ru-RU" b="1"/><a:t>Раз</a:t></a:r><a:br/>
    <a:r><a:rPr lang="en-US" b="1" dirty="0"/><a:t>два</a:t></a:r><a:endParaRPr/></a:p></p>"""
    made = put(archive(ppt__slides__slide1_xml=slide), ".pptx")
    with zipfile.ZipFile(io.BytesIO(made)) as found:
        xml = found.read("ppt/slides/slide1.xml").decode()
    assert '<a:r><a:rPr b="1"/><a:t>РАЗ</a:t></a:r><a:br/>' in xml
    assert xml.index("ДВА") < xml.index("endParaRPr")


# OpenDocument and EPUB ------------------------------------------------------------------------


def test_open_document_texts_are_translated_with_their_notes() -> None:
    document = OpenDocumentText()
    document.text.addElement(H(outlinelevel=1, text="Заголовок"))
    paragraph = P(text="Он купил ")
    paragraph.addElement(Span(text="красную машину"))
    note = Note(noteclass="footnote")
    note.addElement(NoteCitation(text="1"))
    body = NoteBody()
    body.addElement(P(text="Сноска."))
    note.addElement(body)
    paragraph.addElement(note)
    paragraph.addText(" вчера.")
    paragraph.addElement(A(href="https://example.org/?a=1&b=2", text="Ссылка"))
    document.text.addElement(paragraph)
    made = put(saved(document), ".odt")
    load(io.BytesIO(made))
    with zipfile.ZipFile(io.BytesIO(made)) as found:
        assert found.infolist()[0].filename == "mimetype"
        assert found.infolist()[0].compress_type == zipfile.ZIP_STORED
        xml = found.read("content.xml").decode()
    assert "<text:span>red car</text:span>" in xml
    assert all(each in xml for each in (">ЗАГОЛОВОК<", ">СНОСКА.<", ">ССЫЛКА<", "a=1&amp;b=2"))
    assert "<text:note-citation>1</text:note-citation>" in xml


def test_open_document_presentations_are_translated() -> None:
    document = OpenDocumentPresentation()
    layout = PageLayout(name="L")
    document.automaticstyles.addElement(layout)
    master = MasterPage(name="M", pagelayoutname=layout)
    document.masterstyles.addElement(master)
    slide = Slide(masterpagename=master)
    frame, box = Frame(), TextBox()
    box.addElement(P(text="Слово"))
    frame.addElement(box)
    slide.addElement(frame)
    document.presentation.addElement(slide)
    made = put(saved(document), ".odp")
    with zipfile.ZipFile(io.BytesIO(made)) as found:
        assert ">СЛОВО<" in found.read("content.xml").decode()


def test_books_are_translated_chapter_by_chapter() -> None:
    source = archive(
        mimetype="application/epub+zip",
        a_xhtml='<?xml version="1.0"?><html><body><p id="а"/><p>Глава</p></body></html>',
        toc_ncx="<ncx><meta content='да'/><navLabel><text>Глава</text></navLabel></ncx>",
        style_css="p {}",
    )
    with zipfile.ZipFile(io.BytesIO(put(source, ".epub"))) as made:
        assert made.read("a.xhtml").decode().endswith('<p id="а"/><p>ГЛАВА</p></body></html>')
        assert "<text>ГЛАВА</text>" in made.read("toc.ncx").decode()
        assert made.read("style.css") == b"p {}"


# PDF ------------------------------------------------------------------------------------------


def pdf(*pages: str, password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    for text in pages:
        page = writer.add_blank_page(300, 300)
        stream = pypdf.generic.DecodedStreamObject()
        lines = " ".join(f"({line}) Tj 0 -14 Td" for line in text.split("\n"))
        stream.set_data(f"BT /F1 12 Tf 20 250 Td {lines} ET".encode("latin-1"))
        font = pypdf.generic.DictionaryObject(
            {
                pypdf.generic.NameObject(key): pypdf.generic.NameObject(value)
                for key, value in (
                    ("/Type", "/Font"),
                    ("/Subtype", "/Type1"),
                    ("/BaseFont", "/Helvetica"),
                )
            }
        )
        fonts = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/F1"): font})
        page[pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject(
            {pypdf.generic.NameObject("/Font"): fonts}
        )
        page[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_the_text_of_a_pdf_comes_out_as_text() -> None:
    made = put(pdf("First sentence. And the sec-\nond one.", "Page two."), ".pdf").decode()
    assert " ".join(made.split()) == "FIRST SENTENCE. AND THE SECOND ONE. PAGE TWO."
    assert FORMATS[".pdf"].output == ".txt"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pdf("Secret.", password="x"), "locked"),
        (pdf(""), "no text"),
        (b"", "cannot be read"),
        (b"%PDF-1.7\n" + b"<<" * 5_000, "cannot be read"),
    ],
    ids=["locked", "pictures", "empty", "nested"],
)
def test_pdfs_without_text_to_read_are_told(data: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        put(data, ".pdf")


# Traps ----------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(DocumentError, match="would grow"):
        put(archive(word__document_xml=b" " * 50_000_000), ".docx")


def test_a_size_that_lies_is_found_out() -> None:
    data = archive(word__document_xml=b" " * 9_000_000)
    small = data.replace((9_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(DocumentError, match="broken"):
        put(small, ".docx")


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(entries=1), "parts"),
        (Limits(part_bytes=10), "bytes"),
        (Limits(unpacked_bytes=10), "would grow"),
        (Limits(characters=3), "characters"),
    ],
)
def test_limits_are_kept(limits: Limits, message: str) -> None:
    document = docx.Document()
    document.add_paragraph("Слова")
    with pytest.raises(DocumentError, match=message):
        put(saved(document), ".docx", limits=limits)


@pytest.mark.parametrize("extension", [".docx", ".pptx", ".odt", ".odp", ".epub"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"x" * 100, archive(a_txt="a")])
def test_what_is_no_document_is_told(extension: str, data: bytes) -> None:
    with pytest.raises(DocumentError):
        put(data, extension)


def test_broken_and_locked_archives_are_told() -> None:
    document = docx.Document()
    document.add_paragraph("Слова " * 1_000)
    data = bytearray(saved(document))
    data[len(data) // 3 : len(data) // 3 + 400] = bytes(400)
    with pytest.raises(DocumentError, match="broken"):
        put(bytes(data), ".docx")
    with pytest.raises(DocumentError, match="broken"):
        put(archive(word__document_xml="<a><b></a>"), ".docx")
    manifest = "<m><manifest:encryption-data/></m>"
    locked = archive(content_xml="<a/>").replace(b"", b"")
    with zipfile.ZipFile(file := io.BytesIO(locked), "a") as made:
        made.writestr("META-INF/manifest.xml", manifest)
    with pytest.raises(DocumentError, match="locked"):
        put(file.getvalue(), ".odt")


def test_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "да"><!ENTITY y SYSTEM "file:///etc/passwd">]><a>&x;&y;</a>'
    with pytest.raises(DocumentError, match="document type"):
        put(archive(word__document_xml=bomb), ".docx")
    made = put(archive(content_xml=bomb.replace("<a>", "<text:p>Слово ")), ".odt")
    with zipfile.ZipFile(io.BytesIO(made)) as found:
        assert "root:" not in found.read("content.xml").decode()


def test_nesting_without_end_is_told() -> None:
    with pytest.raises(DocumentError, match="broken"):
        put(archive(word__document_xml="<a>" * 10_000 + "</a>" * 10_000), ".docx")


def test_an_unknown_kind_of_file_is_told() -> None:
    with pytest.raises(DocumentError, match=r"\.docx"):
        put(b"", ".exe")

"""Charts as PowerPoint's own: whoever opens the deck can edit their data.

Belongs here: bars and bubbles with their labels, native. Does not: where labels stand (``axes.py``).
"""

from __future__ import annotations

from typing import cast

from lxml import etree
from pptx.chart.axis import ValueAxis
from pptx.chart.chart import Chart
from pptx.chart.data import ChartData, XyChartData
from pptx.chart.point import Point
from pptx.dml.color import RGBColor
from pptx.dml.fill import FillFormat
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_PATTERN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide as PowerPointSlide
from pptx.util import Emu

from pipelines.account_plans.drawing.bars import Bars, bars_of
from pipelines.account_plans.drawing.bubbles import Axis, Bubble, plot
from pipelines.account_plans.drawing.fit import clean
from pipelines.account_plans.drawing.pptx_text import Look, add_run
from pipelines.account_plans.drawing.scene import BarChart, Rect, Scatter, Series

INK, FAINT, GRID = "52606D", "9AA5B1", "E4E7EB"
_SIDES = {
    "right": XL_LABEL_POSITION.RIGHT,
    "left": XL_LABEL_POSITION.LEFT,
    "above": XL_LABEL_POSITION.ABOVE,
    "below": XL_LABEL_POSITION.BELOW,
    "far": XL_LABEL_POSITION.RIGHT,
}


def add_bars(slide: PowerPointSlide, chart: BarChart, look: Look, name: str) -> None:
    """Clustered bars. A value that is not known has no bar."""
    if not chart.categories or not chart.series:
        return
    data = ChartData(number_format=chart.number_format)
    data.categories = [clean(category) for category in chart.categories]
    for series in chart.series:
        data.add_series(clean(series.name), series.values)
    kind = XL_CHART_TYPE.BAR_CLUSTERED if chart.horizontal else XL_CHART_TYPE.COLUMN_CLUSTERED
    drawn, laid = _chart(slide, kind, chart.place, data, chart.size, look, name), bars_of(chart)
    plotted = drawn.plots[0]
    plotted.gap_width, plotted.overlap = round(laid.gap * 100), round(-laid.apart * 100)
    for series, written in zip(chart.series, plotted.series, strict=True):
        written.invert_if_negative = False
        _fill(written.format.fill, series)
        if series.pattern:
            written.format.line.color.rgb = RGBColor.from_string(series.color)
    for bar in laid.bars:
        label = chart.series[bar.series].labels[bar.category : bar.category + 1]
        if label and label[0]:
            point = plotted.series[bar.series].points[bar.category]
            _label(point, label[0], XL_LABEL_POSITION.OUTSIDE_END, laid.label_size, look)
            _move(point, 0.0, bar.moved / chart.place.height)
    _bar_axes(drawn, chart, laid)
    _fix_plot(drawn, laid.inner, chart.place)
    if chart.legend:
        drawn.has_legend = True
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False


def _chart(
    slide: PowerPointSlide,
    kind: XL_CHART_TYPE,
    place: Rect,
    data: ChartData | XyChartData,
    size: float,
    look: Look,
    name: str,
) -> Chart:
    frame = cast(GraphicFrame, slide.shapes.add_chart(kind, *look.scale.place(place), cast(ChartData, data)))
    frame.name = name
    chart = frame.chart
    chart.has_title, chart.has_legend = False, False
    chart.font.size, chart.font.name = Emu(look.scale.hundredths(size) * 127), look.latin
    chart.font.color.rgb = RGBColor.from_string(INK)
    chart.font._rPr.find(qn("a:latin")).addnext(etree.Element(qn("a:ea"), typeface=look.east_asian))
    return chart


def _fill(fill: FillFormat, series: Series) -> None:
    if not series.pattern:
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(series.color)
        return
    fill.patterned()
    fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
    fill.fore_color.rgb, fill.back_color.rgb = RGBColor.from_string(series.color), RGBColor.from_string("FFFFFF")


def _label(point: Point, words: str, position: XL_LABEL_POSITION, size: float, look: Look) -> None:
    label = point.data_label
    label.position = position
    frame = label.text_frame
    frame.word_wrap = False
    add_run(frame.paragraphs[0], clean(words), size, INK, look)


def _bar_axes(drawn: Chart, chart: BarChart, laid: Bars) -> None:
    """Categories at the foot, even under bars that go down; the labels at the bars tell the values, so no axis does."""
    values, categories = drawn.value_axis, drawn.category_axis
    values.minimum_scale, values.maximum_scale = laid.low, laid.high
    values.has_major_gridlines, values.visible = False, False
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    categories.major_tick_mark = XL_TICK_MARK.NONE
    categories.format.line.color.rgb = RGBColor.from_string(FAINT)
    categories.reverse_order = chart.horizontal
    categories.has_major_gridlines = False
    categories.tick_labels.font.size = drawn.font.size
    categories._element.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}").set("rot", "0")  # else PowerPoint may turn long ones


def add_scatter(slide: PowerPointSlide, chart: Scatter, look: Look, name: str) -> None:
    """Bubbles as markers of a scatter, which every program draws at the size that it is told."""
    if not chart.points:
        return
    laid = plot(chart)
    data = XyChartData(number_format="General")
    series = data.add_series(clean(chart.y_title))
    for bubble in laid.bubbles:
        series.add_data_point(bubble.point.x, bubble.point.y)
    drawn = _chart(slide, XL_CHART_TYPE.XY_SCATTER, chart.place, data, chart.size, look, name)
    written = drawn.plots[0].series[0]
    written.format.line.fill.background()
    for number, bubble in enumerate(laid.bubbles):
        _bubble(written.points[number], bubble, chart, look)
    for value_axis, reckoned, title in (
        (drawn.category_axis, laid.x, chart.x_title),
        (drawn.value_axis, laid.y, chart.y_title),
    ):
        _value_axis(value_axis, reckoned, clean(title), chart.size, look)
    _fix_plot(drawn, laid.place, chart.place)


def _bubble(point: Point, bubble: Bubble, chart: Scatter, look: Look) -> None:
    marker = point.marker
    marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, round(bubble.diameter * look.scale.ratio)
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = RGBColor.from_string(bubble.point.color)
    alpha = etree.SubElement(marker.format.fill._xPr.find(f"{qn('a:solidFill')}/{qn('a:srgbClr')}"), qn("a:alpha"))
    alpha.set("val", "75000")
    marker.format.line.color.rgb = RGBColor.from_string("FFFFFF")
    if not bubble.point.label:
        return
    _label(point, bubble.point.label, _SIDES[bubble.side], chart.size, look)
    _move(point, bubble.moved[0] / chart.place.width, bubble.moved[1] / chart.place.height)


def _move(point: Point, right: float, down: float) -> None:
    """Puts a label off its usual place, by parts of the chart's width and height."""
    if right or down:
        moved = f'<c:x val="{right:.5f}"/><c:y val="{down:.5f}"/>'
        layout = f"<c:layout {nsdecls('c')}><c:manualLayout>{moved}</c:manualLayout></c:layout>"
        point.data_label._dLbl.find(qn("c:idx")).addnext(parse_xml(layout))


def _value_axis(axis: ValueAxis, reckoned: Axis, title: str, size: float, look: Look) -> None:
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = reckoned.low, reckoned.high, reckoned.step
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(GRID)
    axis.format.line.color.rgb = RGBColor.from_string(FAINT)
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "#,##0.##;-#,##0.##", False
    axis.has_title = bool(title)
    if title:
        add_run(axis.axis_title.text_frame.paragraphs[0], title, size, INK, look)


def _fix_plot(chart: Chart, inner: Rect, place: Rect) -> None:
    """Holds the plot where the labels were reckoned for."""
    parts = {
        "x": (inner.x - place.x) / place.width,
        "y": (inner.y - place.y) / place.height,
        "w": inner.width / place.width,
        "h": inner.height / place.height,
    }
    sizes = "".join(f'<c:{name} val="{part:.5f}"/>' for name, part in parts.items())
    modes = '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    area.insert(0, parse_xml(f"<c:layout {nsdecls('c')}><c:manualLayout>{modes}{sizes}</c:manualLayout></c:layout>"))

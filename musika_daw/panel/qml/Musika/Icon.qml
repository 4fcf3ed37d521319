// A small sign, drawn: no font has to have it.
import QtQuick
import QtQuick.Shapes

Shape {
    id: icon
    property string path
    property color tint: Theme.text
    property bool filled: true
    width: 16
    height: 16
    preferredRendererType: Shape.CurveRenderer
    ShapePath {
        strokeWidth: icon.filled ? -1 : 1.8
        strokeColor: icon.tint
        fillColor: icon.filled ? icon.tint : "transparent"
        capStyle: ShapePath.RoundCap
        joinStyle: ShapePath.RoundJoin
        PathSvg { path: icon.path }
    }
}

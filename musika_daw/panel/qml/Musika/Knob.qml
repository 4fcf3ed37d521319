// A rotary knob with its name below; while it is moved, its value stands there.
import QtQuick
import QtQuick.Shapes

FocusScope {
    id: knob
    objectName: item ? "knob " + (item.stem ? item.stem + " " : "") + item.name : ""
    property var item
    property string label: item ? item.label : ""
    property color tint: Theme.accent
    property real size: 40
    readonly property real share: item ? item.way : 0
    readonly property bool centred: item ? item.low < 0 && item.high === -item.low : false

    implicitWidth: Math.max(size + 12, 56)
    implicitHeight: size + 18
    activeFocusOnTab: true
    Accessible.role: Accessible.Dial
    Accessible.name: item ? item.label : label
    Accessible.description: item ? item.text : ""

    function put(share) {
        if (item)
            item.put(share);
    }
    Keys.onUpPressed: put(share + 0.02)
    Keys.onRightPressed: put(share + 0.02)
    Keys.onDownPressed: put(share - 0.02)
    Keys.onLeftPressed: put(share - 0.02)
    Keys.onMenuPressed: ControlMenu.open(knob, item)
    Keys.onPressed: event => { if (event.key === Qt.Key_Delete && item) item.reset(); }

    Shape {
        id: dial
        anchors.horizontalCenter: parent.horizontalCenter
        width: knob.size
        height: knob.size
        preferredRendererType: Shape.CurveRenderer
        ShapePath {
            strokeWidth: 4
            strokeColor: Theme.line
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            PathAngleArc { centerX: knob.size / 2; centerY: knob.size / 2; radiusX: knob.size / 2 - 3; radiusY: radiusX; startAngle: 135; sweepAngle: 270 }
        }
        ShapePath {
            strokeWidth: 4
            strokeColor: knob.tint
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            PathAngleArc {
                centerX: knob.size / 2
                centerY: knob.size / 2
                radiusX: knob.size / 2 - 3
                radiusY: radiusX
                startAngle: knob.centred ? 270 : 135
                sweepAngle: knob.centred ? (knob.share - 0.5) * 270 : Math.max(knob.share * 270, 0.5)
            }
        }
    }
    Rectangle {
        anchors.centerIn: dial
        width: knob.size - 16
        height: width
        radius: width / 2
        color: Theme.raised
        border.width: knob.activeFocus ? 2 : 0
        border.color: Theme.text
        rotation: -135 + 270 * knob.share
        Rectangle { x: parent.width / 2 - 1; y: 2; width: 2.5; height: parent.height * 0.34; radius: 1; color: Theme.text }
    }
    Text {
        anchors { bottom: parent.bottom; left: parent.left; right: parent.right }
        horizontalAlignment: Text.AlignHCenter
        text: mouse.pressed || mouse.containsMouse || knob.activeFocus ? (knob.item ? knob.item.text : "") : knob.label
        color: mouse.pressed || mouse.containsMouse || knob.activeFocus ? Theme.text : Theme.dim
        font.pixelSize: Theme.small
        elide: Text.ElideRight
    }
    ControlMouse { id: mouse; item: knob.item; owner: knob }
}

// What more and less of a control does, beside the pointer.
import QtQuick
import QtQuick.Controls.Basic as Basic

Item {
    id: tip
    property string text
    property bool shown
    anchors.fill: parent
    Basic.ToolTip {
        visible: tip.shown && tip.text !== ""
        delay: Theme.pause
        text: tip.text
        width: Math.min(implicitWidth, 340)
        font.pixelSize: Theme.small
        contentItem: Text {
            text: tip.text
            color: Theme.text
            font.pixelSize: Theme.small
            wrapMode: Text.Wrap
        }
        background: Rectangle { color: Theme.raised; radius: 6; border.color: Theme.line }
    }
}
